-- What looks different in each target: callouts, tab sets, folded code, pictures, long words.

local target = require("target")
local raw = target.raw
local M = {}
local CALLOUTS = { note = "Note", tip = "Tip", warning = "Warning", caution = "Caution", important = "Important" }

local function callout_kind(element)
  for _, class in ipairs(element.classes) do
    local kind = class:match("^callout%-(%l+)$")
    if kind and CALLOUTS[kind] then
      return kind
    end
  end
end

-- a heading that opens a callout is its title and must not become a section
function M.callout_title(element)
  local kind = callout_kind(element)
  if not kind then
    return nil
  end
  local title = pandoc.Inlines({ pandoc.Str(CALLOUTS[kind]) })
  if element.attributes.title then
    title = pandoc.utils.blocks_to_inlines(pandoc.read(element.attributes.title, "markdown").blocks)
  elseif element.content[1] and element.content[1].t == "Header" then
    title = element.content[1].content
    element.content:remove(1)
  end
  element.content:insert(1, pandoc.Div({ pandoc.Plain(title) }, pandoc.Attr("", { "callout-title" })))
  return element
end

local function callout(element, kind)
  local title = element.content:remove(1).content[1].content
  if target.name == "typst" then
    local open = target.between("#callout(" .. target.typst_string(kind) .. ", [", title, "])[")
    return pandoc.Blocks({ open }) .. element.content .. { raw("]") }
  elseif target.name == "docx" then
    -- Word joins boxes that touch, and has one colour for all
    if pandoc.utils.stringify(title) ~= CALLOUTS[kind] then
      title = pandoc.Inlines({ pandoc.Str(CALLOUTS[kind] .. ":"), pandoc.Space() }) .. title
    end
    return {
      target.styled("Callout Title", { pandoc.Para(title) }),
      target.styled("Callout Text", element.content),
      target.gap(),
    }
  end
  local folded = element.attributes.collapse
  local tag, head = "div", "p"
  local open = '<div class="callout callout-' .. kind .. '" role="note">'
  if folded then
    tag, head = "details", "summary"
    open = '<details class="callout callout-' .. kind .. '"' .. (folded == "false" and " open" or "") .. ">"
  end
  return pandoc.Blocks({
    raw(open .. "<" .. head .. ' class="callout-title">'),
    pandoc.Plain(title),
    raw("</" .. head .. '><div class="callout-body">'),
  }) .. element.content .. { raw("</div></" .. tag .. ">") }
end

local function tabset(element)
  local result, open = pandoc.Blocks({}), false
  if target.name == "html" then result:insert(raw('<div class="tabset">')) end
  for _, block in ipairs(element.content) do
    if block.t == "Header" and target.name == "html" then
      if open then result:insert(raw("</section>")) end
      open = true
      result:extend({ raw('<section class="tab"><p class="tab-title">'), pandoc.Plain(block.content), raw("</p>") })
    elseif block.t == "Header" then
      result:insert(pandoc.Para({ pandoc.Strong(block.content) }))
    else
      result:insert(block)
    end
  end
  if target.name == "html" then
    if open then result:insert(raw("</section>")) end
    result:insert(raw("</div>"))
  end
  return result
end

function M.present(element)
  local kind = callout_kind(element)
  if kind then
    return callout(element, kind)
  elseif element.classes:includes("panel-tabset") then
    return tabset(element)
  elseif element.classes:includes("code-fold") then
    if target.name ~= "html" then return element.content end
    local open = element.attributes.open == "true" and " open" or ""
    local summary = target.html_escape(element.attributes.summary or "Code")
    return pandoc.Blocks({ raw('<details class="code-fold"' .. open .. "><summary>" .. summary .. "</summary>") })
      .. element.content .. { raw("</details>") }
  end
end

-- a bold line of its own leads in what follows, and stays with it
function M.lead(element)
  if target.name == "html" or #element.content ~= 1 or element.content[1].t ~= "Strong" then
    return nil
  elseif target.name == "typst" then
    return target.between("#block(sticky: true)[", element.content, "]")
  end
  return target.styled("Lead", { pandoc.Para(element.content[1].content) })
end

function M.image(element)
  local known = target.settings.images[element.src] or {}
  local alt = known.alt or element.attributes["fig-alt"] or element.attributes.alt or pandoc.utils.stringify(element.caption)
  local width = known.width
  if target.name == "typst" then
    local size = width and (", width: " .. width .. "pt") or ""
    return target.raw_inline(
      "#picture(" .. target.typst_string(element.src) .. ", alt: " .. target.typst_string(alt) .. size .. ")"
    )
  end
  element.attributes["fig-alt"], element.attributes.alt = nil, nil
  element.caption = pandoc.Inlines({ pandoc.Str(alt) })
  if width and target.name == "docx" then element.attributes.width = width .. "pt" end
  if target.name == "html" then element.attributes.loading = nil end
  return element
end

-- typst does not break a word that is too long for its line
function M.breakable(element)
  if target.name == "typst" and utf8.len(element.text) and utf8.len(element.text) > 40 then
    local parts, count = {}, 0
    for _, code in utf8.codes(element.text) do
      count = count + 1
      parts[#parts + 1] = utf8.char(code) .. (count % 10 == 0 and "\u{200b}" or "")
    end
    element.text = table.concat(parts)
    return element
  end
end

-- typst reads "..." as an ellipsis, "-?" as a hyphen to hide and "-1" as a minus; Pandoc lets them stand
local function literal(element)
  local text = element.text
  if not (text:find("...", 1, true) or text:find("%-[%?%d]")) then return element end
  local result, from = pandoc.Inlines({}), 1
  for at = 1, #text do
    local mark = text:find("^%.%.%.", at) or text:find("^%-[%?%d]", at)
    if mark then
      if from < at then result:insert(pandoc.Str(text:sub(from, at - 1))) end
      result:insert(target.raw_inline("\\" .. text:sub(at, at)))
      from = at + 1
    end
  end
  if from <= #text then result:insert(pandoc.Str(text:sub(from))) end
  return result
end

function M.text(element)
  element = M.breakable(element) or element
  return target.name == "typst" and literal(element) or element
end

return M
