-- What Pandoc does not do by itself and Quarto does: conditional content, numbered floats,
-- cross-references, callouts, tab sets, folded code. One filter, three targets.
-- The words ("Figure 1", "Section 2", "(a)") are Quarto's own.

local function read_file(path)
  local handle = assert(io.open(path, "rb"))
  local text = handle:read("a")
  handle:close()
  return text
end

local settings = pandoc.json.decode(read_file(os.getenv("FORESAY_SETTINGS")), false)
local target = settings.target -- html, typst or docx
local NBSP = "\u{a0}"
local WORDS = { fig = "Figure", tbl = "Table", sec = "Section", eq = "Equation" }
local CALLOUTS = { note = "Note", tip = "Tip", warning = "Warning", caution = "Caution", important = "Important" }
local targets = {} -- identifier -> number text, filled while numbering
local counts = { fig = 0, tbl = 0, eq = 0 }
local sections = {}
local WIDEST = 10 -- columns that fit an upright page
local LONGEST = 24 -- rows that are kept on one page
local WIDE_TABLE = "#float-table(wide: true, ["

local function raw(text)
  return pandoc.RawBlock(target, text)
end

local function raw_inline(text)
  return pandoc.RawInline(target == "docx" and "openxml" or target, text)
end

local function html_escape(text)
  return (text:gsub("[&<>\"']", { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;", ["'"] = "&#39;" }))
end

local function typst_string(text)
  return '"' .. text:gsub("\\", "\\\\"):gsub('"', '\\"'):gsub("[\r\n]+", " ") .. '"'
end

local function styled(name, blocks)
  return pandoc.Div(blocks, pandoc.Attr("", {}, { { "custom-style", name } }))
end

local function kind_of(identifier)
  return identifier:match("^(%l+)%-")
end

local function stop(message)
  io.stderr:write("foresay: " .. message .. "\n")
  os.exit(65)
end

-- 1. conditional content -------------------------------------------------------------------

local function meta_is_true(name)
  local value = settings.meta
  for part in name:gmatch("[^.]+") do
    value = type(value) == "table" and value[part] or nil
  end
  return value == true or value == "true"
end

local function condition_holds(attributes)
  local when, unless = attributes["when-format"], attributes["unless-format"]
  local when_meta, unless_meta = attributes["when-meta"], attributes["unless-meta"]
  return (not when or when == target)
    and (not unless or unless ~= target)
    and (not when_meta or meta_is_true(when_meta))
    and (not unless_meta or not meta_is_true(unless_meta))
end

local function conditional(element)
  if element.classes:includes("content-visible") then
    return condition_holds(element.attributes) and element.content or {}
  elseif element.classes:includes("content-hidden") then
    return condition_holds(element.attributes) and {} or element.content
  end
end

-- neither typst nor Word makes every row of a head bold, and neither breaks a word that is too long
local function bold_head(element)
  for _, row in ipairs(element.head.rows) do
    for _, cell in ipairs(row.cells) do
      cell.contents = cell.contents:walk({
        traverse = "topdown",
        Inlines = function(inlines)
          return #inlines > 0 and { pandoc.Strong(inlines) } or inlines, false
        end,
      })
    end
  end
  return element
end

local function breakable(element)
  if target == "typst" and utf8.len(element.text) and utf8.len(element.text) > 40 then
    local parts, count = {}, 0
    for _, code in utf8.codes(element.text) do
      count = count + 1
      parts[#parts + 1] = utf8.char(code) .. (count % 10 == 0 and "\u{200b}" or "")
    end
    element.text = table.concat(parts)
    return element
  end
end

local function read_table(element)
  if target ~= "html" and element.format == "html" and element.text:find("<table") then
    return pandoc.read(element.text, "html").blocks
  end
end

local function callout_kind(element)
  for _, class in ipairs(element.classes) do
    local kind = class:match("^callout%-(%l+)$")
    if kind and CALLOUTS[kind] then
      return kind
    end
  end
end

-- a heading that opens a callout is its title and must not become a section
local function callout_title(element)
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

-- 2. numbers -------------------------------------------------------------------------------

local function caption_inlines(kind, number, inlines)
  local prefix = pandoc.Inlines({ pandoc.Str(WORDS[kind] .. NBSP .. number) })
  if #inlines > 0 then
    prefix:extend({ pandoc.Str(":"), pandoc.Space() })
    prefix:extend(inlines)
  end
  return prefix
end

local function widest(blocks)
  local most = 0
  pandoc.Div(blocks):walk({ Table = function(element) most = math.max(most, #element.colspecs) end })
  return most
end

local function longest(blocks)
  local most = 0
  pandoc.Div(blocks):walk({
    Table = function(element)
      local rows = 0
      for _, body in ipairs(element.bodies) do rows = rows + #body.body end
      most = math.max(most, rows)
    end,
  })
  return most
end

-- a table that is too wide for the page gets a page across; not inside a callout, where none can be
local function across(blocks)
  local result, open = pandoc.Blocks({}), false
  for _, block in ipairs(blocks) do
    if block.t == "RawBlock" and block.text == WIDE_TABLE then
      result:insert(raw("#page(flipped: true)["))
      open = true
    end
    result:insert(block)
    local last = open and block.t == "Plain" and block.content[#block.content]
    if last and last.t == "RawInline" and last.text:match("^%]%) <tbl%-") then
      result:insert(raw("]"))
      open = false
    end
  end
  return result
end

-- a float as blocks of the target: content, caption, identifier
local function float(kind, identifier, blocks, caption)
  local result = pandoc.Blocks({})
  if target == "html" then
    local name = kind == "tbl" and "table" or "figure"
    result:insert(raw('<figure class="float float-' .. name .. '" id="' .. html_escape(identifier) .. '">'))
    local text = pandoc.Blocks({
      raw('<figcaption id="' .. html_escape(identifier) .. '-caption">'),
      pandoc.Plain(caption),
      raw("</figcaption>"),
    })
    if kind == "tbl" then result:extend(text) end
    result:extend(blocks)
    if kind ~= "tbl" then result:extend(text) end
    result:insert(raw("</figure>"))
  elseif target == "typst" then
    local open = kind == "tbl" and "#float-table([" or "#float-figure(["
    if kind == "tbl" and longest(blocks) > LONGEST then open = "#float-table(long: true, [" end
    if kind == "tbl" and widest(blocks) > WIDEST then open = WIDE_TABLE end
    result:insert(raw(open))
    result:extend(blocks)
    local plain = pandoc.Inlines({ raw_inline("], caption: [") })
    plain:extend(caption)
    plain:insert(raw_inline("]) <" .. identifier .. ">"))
    result:insert(pandoc.Plain(plain))
  else
    local text = pandoc.Para({ pandoc.Span(caption, pandoc.Attr(identifier)) })
    if kind == "tbl" then
      result:insert(styled("Table Caption", { text }))
      result:extend(blocks)
    else
      result:insert(styled("Captioned Figure", blocks))
      result:insert(styled("Image Caption", { text }))
    end
  end
  return result
end

local function sub_figure(identifier, blocks, caption)
  local result = pandoc.Blocks({})
  if target == "html" then
    result:insert(raw('<figure class="subfigure" id="' .. html_escape(identifier) .. '">'))
    result:extend(blocks)
    result:extend({ raw("<figcaption>"), pandoc.Plain(caption), raw("</figcaption></figure>") })
  elseif target == "typst" then
    result:insert(raw("[#sub-figure(["))
    result:extend(blocks)
    local plain = pandoc.Inlines({ raw_inline("], caption: [") })
    plain:extend(caption)
    plain:insert(raw_inline("]) <" .. identifier .. ">],"))
    result:insert(pandoc.Plain(plain))
  else
    result:insert(styled("Captioned Figure", blocks))
    result:insert(styled("Image Caption", { pandoc.Para({ pandoc.Span(caption, pandoc.Attr(identifier)) }) }))
  end
  return result
end

local function sub_figures(parent, blocks, columns)
  local result, letter = pandoc.Blocks({}), 0
  for _, block in ipairs(blocks) do
    local identifier = block.identifier
    if (block.t == "Div" or block.t == "Figure") and identifier and kind_of(identifier) == "fig" then
      letter = letter + 1
      local mark = "(" .. string.char(96 + letter) .. ")"
      targets[identifier] = counts.fig .. NBSP .. mark
      local content, caption = block.content, pandoc.Inlines({})
      if block.t == "Figure" then
        caption = pandoc.utils.blocks_to_inlines(block.caption.long)
      elseif #content > 1 and (content[#content].t == "Para" or content[#content].t == "Plain") then
        caption = content:remove(#content).content
      end
      local text = pandoc.Inlines({ pandoc.Str(mark) })
      if #caption > 0 then
        text:insert(pandoc.Space())
        text:extend(caption)
      end
      result:extend(sub_figure(identifier, content, text))
    else
      result:insert(block)
    end
  end
  if letter == 0 then
    return blocks
  elseif target == "html" then
    result:insert(1, raw('<div class="subfigures" style="--columns: ' .. columns .. '">'))
    result:insert(raw("</div>"))
  elseif target == "typst" then
    result:insert(1, raw("#grid(columns: " .. columns .. ", gutter: 1.2em,"))
    result:insert(raw(")"))
  end
  return result
end

local function next_number(kind, identifier)
  counts[kind] = counts[kind] + 1
  targets[identifier] = tostring(counts[kind])
  return targets[identifier]
end

local function number_div(element)
  if element.classes:includes("panel-tabset") then
    return element:walk({
      Header = function(header)
        header.classes:extend({ "unnumbered", "unlisted" })
        return header
      end,
    })
  end
  local kind = kind_of(element.identifier)
  if kind ~= "fig" and kind ~= "tbl" then
    return nil
  end
  if element.attributes.empty then stop(element.attributes.empty) end
  local number = next_number(kind, element.identifier)
  local content, caption = element.content, pandoc.Inlines({})
  local last = content[#content]
  if #content > 1 and (last.t == "Para" or last.t == "Plain") then
    caption = content:remove(#content).content
  end
  if kind == "fig" then
    local columns = tonumber(element.attributes["layout-ncol"]) or 1
    content = sub_figures(element.identifier, content, math.floor(columns))
  end
  return float(kind, element.identifier, content, caption_inlines(kind, number, caption)), false
end

local function number_figure(element)
  if kind_of(element.identifier) ~= "fig" then
    return nil
  end
  local number = next_number("fig", element.identifier)
  local caption = pandoc.utils.blocks_to_inlines(element.caption.long)
  return float("fig", element.identifier, element.content, caption_inlines("fig", number, caption)), false
end

local function number_table(element)
  if kind_of(element.identifier) ~= "tbl" then
    return nil
  end
  local identifier = element.identifier
  local number = next_number("tbl", identifier)
  local caption = pandoc.utils.blocks_to_inlines(element.caption.long)
  element.identifier = ""
  element.caption = pandoc.Caption({})
  local blocks = pandoc.Blocks({ element })
  if target == "html" then
    blocks:insert(1, raw('<div class="table-scroll" role="region" tabindex="0" aria-labelledby="' .. html_escape(identifier) .. '-caption">'))
    blocks:insert(raw("</div>"))
  end
  return float("tbl", identifier, blocks, caption_inlines("tbl", number, caption)), false
end

local function number_header(element)
  local unnumbered = element.classes:includes("unnumbered") or not settings.number_sections
  if not unnumbered then
    local level = element.level
    for deeper = level + 1, 6 do
      sections[deeper] = 0
    end
    sections[level] = (sections[level] or 0) + 1
    local parts = {}
    for upper = 1, level do
      parts[upper] = tostring(sections[upper] or 0)
    end
    local number = table.concat(parts, ".")
    targets[element.identifier] = number
    local mark = { pandoc.Str(number), pandoc.Space(), raw_inline("#h(0.4em)") } -- bookmarks keep the space
    if target == "html" then
      mark = { pandoc.Span({ pandoc.Str(number) }, pandoc.Attr("", { "header-section-number" })), pandoc.Space() }
    elseif target == "docx" then
      mark = { pandoc.Str(number), raw_inline("<w:r><w:tab/></w:r>") }
    end
    for at, inline in ipairs(mark) do
      element.content:insert(at, inline)
    end
  end
  if target == "html" then
    element.level = math.min(element.level + 1, 6) -- the title of the page is its only first-level heading
  end
  return element, false
end

local function equation(math, identifier)
  local number = next_number("eq", identifier)
  if target == "html" then
    return {
      raw('<div class="equation" id="' .. html_escape(identifier) .. '">'),
      pandoc.Plain({ math }),
      raw('<span class="equation-number">(' .. number .. ")</span></div>"),
    }
  elseif target == "typst" then
    return {
      pandoc.Para({
        raw_inline("#[#set math.equation(numbering: (..n) => [(" .. number .. ")])\n"),
        math,
        raw_inline(" <" .. identifier .. ">]"),
      }),
    }
  end
  math.text = math.text .. " \\qquad(" .. number .. ")"
  return { pandoc.Para({ pandoc.Span({ math }, pandoc.Attr(identifier)) }) }
end

local function number_equations(element)
  local result, line, found = pandoc.Blocks({}), pandoc.Inlines({}), false
  local at = 1
  while at <= #element.content do
    local inline, label, skip = element.content[at], nil, 0
    if inline.t == "Math" and inline.mathtype == "DisplayMath" then
      local after = element.content[at + 1]
      if after and (after.t == "Space" or after.t == "SoftBreak") then
        after, skip = element.content[at + 2], 2
      else
        skip = 1
      end
      label = after and after.t == "Str" and after.text:match("^{#(eq%-[^}]+)}$")
    end
    if label then
      found = true
      if #line > 0 then result:insert(pandoc.Para(line)) end
      line = pandoc.Inlines({})
      result:extend(equation(inline, label))
      at = at + skip + 1
    else
      line:insert(inline)
      at = at + 1
    end
  end
  if not found then
    return nil
  end
  if #line > 0 then result:insert(pandoc.Para(line)) end
  return result, false
end

-- 3. cross-references ----------------------------------------------------------------------

local function reference(citation)
  local identifier = citation.id:sub(1, 1):lower() .. citation.id:sub(2)
  local number = targets[identifier]
  if not number then
    stop("cross-reference @" .. citation.id .. " leads nowhere in this format")
  end
  local text = pandoc.Inlines({ pandoc.Str(number) })
  if #citation.prefix > 0 then
    text = citation.prefix .. { pandoc.Str(NBSP .. number) }
  elseif citation.mode ~= "SuppressAuthor" then
    text = pandoc.Inlines({ pandoc.Str(WORDS[kind_of(identifier)] .. NBSP .. number) })
  end
  return pandoc.Link(text, "#" .. identifier, "", pandoc.Attr("", { "cross-reference" })), citation.suffix
end

local function resolve(element)
  local result = pandoc.Inlines({})
  for at, citation in ipairs(element.citations) do
    if not WORDS[(kind_of(citation.id:lower()) or "")] then
      return nil
    end
    if at > 1 then result:extend({ pandoc.Str(","), pandoc.Space() }) end
    local link, suffix = reference(citation)
    result:insert(link)
    result:extend(suffix)
  end
  return result
end

-- 4. what looks different in each target ---------------------------------------------------

local function callout(element, kind)
  local title = element.content:remove(1).content[1].content
  if target == "typst" then
    local open = pandoc.Inlines({ raw_inline("#callout(" .. typst_string(kind) .. ", [") })
    open:extend(title)
    open:insert(raw_inline("])["))
    return pandoc.Blocks({ pandoc.Plain(open) }) .. element.content .. { raw("]") }
  elseif target == "docx" then
    return { styled("Callout Title", { pandoc.Para(title) }), styled("Callout Text", element.content) }
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
  if target == "html" then result:insert(raw('<div class="tabset">')) end
  for _, block in ipairs(element.content) do
    if block.t == "Header" and target == "html" then
      if open then result:insert(raw("</section>")) end
      open = true
      result:extend({ raw('<section class="tab"><p class="tab-title">'), pandoc.Plain(block.content), raw("</p>") })
    elseif block.t == "Header" then
      result:insert(pandoc.Para({ pandoc.Strong(block.content) }))
    else
      result:insert(block)
    end
  end
  if target == "html" then
    if open then result:insert(raw("</section>")) end
    result:insert(raw("</div>"))
  end
  return result
end

local function present(element)
  local kind = callout_kind(element)
  if kind then
    return callout(element, kind)
  elseif element.classes:includes("panel-tabset") then
    return tabset(element)
  elseif element.classes:includes("code-fold") then
    if target ~= "html" then return element.content end
    local open = element.attributes.open == "true" and " open" or ""
    local summary = html_escape(element.attributes.summary or "Code")
    return pandoc.Blocks({ raw('<details class="code-fold"' .. open .. "><summary>" .. summary .. "</summary>") })
      .. element.content .. { raw("</details>") }
  end
end

local function image(element)
  local known = settings.images[element.src] or {}
  local alt = known.alt or element.attributes["fig-alt"] or element.attributes.alt or pandoc.utils.stringify(element.caption)
  local width = known.width
  if target == "typst" then
    local size = width and (", width: calc-width(" .. width .. "pt)") or ""
    return raw_inline("#picture(" .. typst_string(element.src) .. ", alt: " .. typst_string(alt) .. size .. ")")
  end
  element.attributes["fig-alt"], element.attributes.alt = nil, nil
  element.caption = pandoc.Inlines({ pandoc.Str(alt) })
  if width and target == "docx" then element.attributes.width = width .. "pt" end
  if target == "html" then element.attributes.loading = nil end
  return element
end

local function bare_table(element)
  if target == "html" then
    local open = '<div class="table-scroll" role="region" tabindex="0" aria-label="Table">'
    return { raw(open), element, raw("</div>") }, false
  end
end

function Pandoc(doc)
  doc = doc:walk({ Div = conditional, Span = conditional }) -- the inner ones first
  doc = doc:walk({ RawBlock = read_table, Div = callout_title })
  -- tables without a caption scroll too; those with one are wrapped where they are numbered
  doc = doc:walk({
    traverse = "topdown",
    Table = function(element)
      if kind_of(element.identifier) ~= "tbl" then return bare_table(element) end
    end,
  })
  doc = doc:walk({
    traverse = "topdown",
    Header = number_header,
    Div = number_div,
    Figure = number_figure,
    Table = number_table,
    Para = number_equations,
  })
  if target ~= "html" then doc = doc:walk({ Table = bold_head, Str = breakable, Code = breakable }) end
  doc = doc:walk({ Cite = resolve })
  if target == "typst" then doc.blocks = across(doc.blocks) end
  if target == "docx" then
    -- Word leaves no room below a table
    local space = pandoc.RawBlock("openxml", '<w:p><w:pPr><w:pStyle w:val="TableSpace"/></w:pPr></w:p>')
    doc = doc:walk({ Table = function(element) return { element, space } end })
  end
  return doc:walk({ Div = present, Image = image })
end
