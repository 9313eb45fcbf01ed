-- What is written, and the small ways of writing raw parts of it.

local function read_file(path)
  local handle = assert(io.open(path, "rb"))
  local text = handle:read("a")
  handle:close()
  return text
end

local M = { settings = pandoc.json.decode(read_file(os.getenv("FORESAY_SETTINGS")), false) }
M.name = M.settings.target -- html, typst or docx

function M.raw(text)
  return pandoc.RawBlock(M.name == "docx" and "openxml" or M.name, text)
end

function M.raw_inline(text)
  return pandoc.RawInline(M.name == "docx" and "openxml" or M.name, text)
end

-- inlines between two raw texts, in one block
function M.between(open, inlines, close)
  local result = pandoc.Inlines({ M.raw_inline(open) })
  result:extend(inlines)
  result:insert(M.raw_inline(close))
  return pandoc.Plain(result)
end

function M.html_escape(text)
  return (text:gsub("[&<>\"']", { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;", ["'"] = "&#39;" }))
end

function M.typst_string(text)
  return '"' .. text:gsub("\\", "\\\\"):gsub('"', '\\"'):gsub("[\r\n]+", " ") .. '"'
end

-- blocks in a named style of the Word document
function M.styled(name, blocks)
  return pandoc.Div(blocks, pandoc.Attr("", {}, { { "custom-style", name } }))
end

-- a small empty paragraph of the Word document
function M.gap()
  return M.raw('<w:p><w:pPr><w:pStyle w:val="TableSpace"/></w:pPr></w:p>')
end

-- the words before the first hyphen of an identifier: fig, tbl, sec, eq
function M.kind_of(identifier)
  return identifier:match("^(%l+)%-")
end

function M.stop(message)
  io.stderr:write("foresay: " .. message .. "\n")
  os.exit(65)
end

return M
