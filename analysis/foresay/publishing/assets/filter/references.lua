-- Numbers of floats, equations and sections, and the references that lead to them.
-- The words ("Figure 1", "Section 2", "(a)") are Quarto's own.

local target = require("target")
local M = {}
local NBSP = "\u{a0}"
local WORDS = { fig = "Figure", tbl = "Table", sec = "Section", eq = "Equation" }
local numbers = {} -- identifier -> number text, filled while numbering
local fields = {} -- identifier -> the Word field that gives its number
local counts = { fig = 0, tbl = 0, eq = 0 }
local bookmarks = 100000 -- above the identifiers that pandoc gives

function M.number(kind, identifier)
  counts[kind] = counts[kind] + 1
  numbers[identifier] = tostring(counts[kind])
  return numbers[identifier]
end

function M.part(identifier, letter)
  local mark = "(" .. letter .. ")"
  numbers[identifier] = counts.fig .. NBSP .. mark
  return mark
end

-- a field of Word: what it computes, and the text that stands there until then
local function field(instruction, text)
  local char = '<w:r><w:fldChar w:fldCharType="%s"/></w:r>'
  return {
    target.raw_inline(char:format("begin") .. '<w:r><w:instrText xml:space="preserve"> ' .. instruction
      .. " </w:instrText></w:r>" .. char:format("separate")),
    pandoc.Str(text),
    target.raw_inline(char:format("end")),
  }
end

-- hidden bookmarks, as Word makes them for its own cross-references
local function bookmarked(name, inlines)
  bookmarks = bookmarks + 1
  local result = pandoc.Inlines({
    target.raw_inline('<w:bookmarkStart w:id="' .. bookmarks .. '" w:name="' .. name .. '"/>'),
  })
  result:extend(inlines)
  result:insert(target.raw_inline('<w:bookmarkEnd w:id="' .. bookmarks .. '"/>'))
  return result
end

function M.section(identifier, number, inlines)
  numbers[identifier] = number
  if target.name ~= "docx" then
    return inlines
  end
  local name = "_RefSection" .. number:gsub("%.", "_")
  fields[identifier] = { number = "REF " .. name .. " \\r \\h" }
  return bookmarked(name, inlines)
end

-- "Figure 1: the caption"; Word counts it, so that it stays right when a float is added
function M.caption(kind, identifier, inlines)
  local number = numbers[identifier]
  local prefix = pandoc.Inlines({ pandoc.Str(WORDS[kind] .. NBSP .. number) })
  if target.name == "docx" then
    local label = "_Ref" .. WORDS[kind] .. number
    local counted = bookmarked(label .. "n", field("SEQ " .. WORDS[kind] .. " \\* ARABIC", number))
    prefix = bookmarked(label, pandoc.Inlines({ pandoc.Str(WORDS[kind] .. NBSP) }) .. counted)
    fields[identifier] = { whole = "REF " .. label .. " \\h", number = "REF " .. label .. "n \\h" }
  end
  if #inlines > 0 then
    prefix:extend({ pandoc.Str(":"), pandoc.Space() })
    prefix:extend(inlines)
  end
  return prefix
end

local function link(citation)
  local identifier = citation.id:sub(1, 1):lower() .. citation.id:sub(2)
  local number = numbers[identifier]
  if not number then
    target.stop("cross-reference @" .. citation.id .. " leads nowhere in this format")
  end
  local own = fields[identifier] or {}
  local figure = own.number and field(own.number, number) or { pandoc.Str(number) }
  local text = pandoc.Inlines(figure)
  if #citation.prefix > 0 then
    text = citation.prefix .. { pandoc.Str(NBSP) } .. pandoc.Inlines(figure)
  elseif citation.mode ~= "SuppressAuthor" then
    local word = WORDS[target.kind_of(identifier)] .. NBSP
    text = own.whole and pandoc.Inlines(field(own.whole, word .. number))
      or pandoc.Inlines({ pandoc.Str(word) }) .. pandoc.Inlines(figure)
  end
  return pandoc.Link(text, "#" .. identifier, "", pandoc.Attr("", { "cross-reference" })), citation.suffix
end

function M.resolve(element)
  local result = pandoc.Inlines({})
  for at, citation in ipairs(element.citations) do
    if not WORDS[(target.kind_of(citation.id:lower()) or "")] then
      return nil
    end
    if at > 1 then result:extend({ pandoc.Str(","), pandoc.Space() }) end
    local found, suffix = link(citation)
    result:insert(found)
    result:extend(suffix)
  end
  return result
end

return M
