-- Content that only some formats, or only some reports, have.

local target = require("target")
local M = {}

local function meta_is_true(name)
  local value = target.settings.meta
  for part in name:gmatch("[^.]+") do
    value = type(value) == "table" and value[part] or nil
  end
  return value == true or value == "true"
end

local function holds(attributes)
  local when, unless = attributes["when-format"], attributes["unless-format"]
  local when_meta, unless_meta = attributes["when-meta"], attributes["unless-meta"]
  return (not when or when == target.name)
    and (not unless or unless ~= target.name)
    and (not when_meta or meta_is_true(when_meta))
    and (not unless_meta or not meta_is_true(unless_meta))
end

function M.conditional(element)
  if element.classes:includes("content-visible") then
    return holds(element.attributes) and element.content or {}
  elseif element.classes:includes("content-hidden") then
    return holds(element.attributes) and {} or element.content
  end
end

return M
