// <!DOCTYPE html>
// <html lang="en"><head>.. <style>page.css</style></head>
// <body>
// body
// <script type="application/json" id="data">{..}</script>
// <script>..</script>
// </body></html>
#include "assembler/base/html.h"

#include "llvm/Support/JSON.h"

namespace base::html {
namespace {

constexpr char kStyle[] =
#include "page.css.inc"
    ;

// In a script element only `<` can end it or begin a comment; in JSON it can be written otherwise.
std::string inScript(std::string_view json) {
  std::string text;
  for (char c : json)
    if (c == '<') text += "\\u003c";
    else text += c;
  return text;
}

}  // namespace

std::string escaped(std::string_view text) {
  std::string out;
  for (char c : llvm::json::fixUTF8(llvm::StringRef(text.data(), text.size()))) switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default: out += uint8_t(c) < 0x20 && c != '\t' && c != '\n' ? '?' : c;  // others are not allowed in HTML
    }
  return out;
}

std::string element(std::string_view tag, std::string_view classes, std::string_view content) {
  std::string text = "<";
  text += tag;
  if (!classes.empty()) text.append(" class=\"").append(classes).append("\"");
  return text.append(">").append(content).append("</").append(tag).append(">");
}

std::string print(const Page& page) {
  std::string text =
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" "
      "content=\"default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'\">\n";
  text += element("title", "", escaped(page.title)) + "\n" + element("style", "", kStyle) + "\n</head>\n<body>\n";
  text += page.body;
  if (!page.data.empty())
    text += "<script type=\"application/json\" id=\"data\">" + inScript(page.data) + "</script>\n";
  if (!page.script.empty()) text.append("<script>\n").append(page.script).append("</script>\n");
  return text + "</body>\n</html>\n";
}

}  // namespace base::html
