-- What Pandoc does not do by itself and Quarto does: conditional content, numbered floats,
-- cross-references, callouts, tab sets, folded code; and tables that fit a printed page.
-- One filter, three targets; its parts are in the folder `filter`.

package.path = pandoc.path.join({ pandoc.path.directory(PANDOC_SCRIPT_FILE), "filter", "?.lua" }) .. ";" .. package.path

local target = require("target")
local conditions = require("conditions")
local references = require("references")
local tables = require("tables")
local floats = require("floats")
local appearance = require("appearance")

-- tables without a caption scroll too; those with one are wrapped where they are numbered
local function bare_table(element)
  if target.name == "html" and target.kind_of(element.identifier) ~= "tbl" then
    return tables.scrolling(element), false
  end
end

function Pandoc(doc)
  doc = doc:walk({ Div = conditions.conditional, Span = conditions.conditional }) -- the inner ones first
  doc = doc:walk({ RawBlock = tables.read, Div = appearance.callout_title })
  doc = doc:walk({ Blocks = floats.keep_notes })
  doc = doc:walk({ traverse = "topdown", Table = bare_table })
  if target.name ~= "html" then doc = doc:walk({ Str = appearance.text, Code = appearance.breakable }) end
  doc = doc:walk({
    traverse = "topdown",
    Header = floats.number_header,
    Div = floats.number_div,
    Figure = floats.number_figure,
    Table = floats.number_table,
    Para = floats.number_equations,
  })
  doc = doc:walk({ Cite = references.resolve })
  if target.name ~= "html" then doc = tables.laid_out(doc) end
  return doc:walk({ Div = appearance.present, Image = appearance.image, Para = appearance.lead })
end
