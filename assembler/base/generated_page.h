// The mains of tools that make a page of docs/ from a table. Standard library only.
#pragma once

#include <fstream>
#include <iostream>
#include <sstream>
#include <string>

namespace base {

// Prints the page; with --check FILE compares instead: status 1 if the file is not what the table says.
inline int generatedPage(int argc, char** argv, const std::string& tool, const std::string& table, const std::string& page) {
  if (argc == 1) {
    std::cout << page;
    return 0;
  }
  if (argc != 3 || std::string(argv[1]) != "--check") {
    std::cerr << "usage: " << tool << " [--check FILE]\n";
    return 2;
  }
  std::ifstream file(argv[2]);
  std::stringstream content;
  content << file.rdbuf();
  if (file && content.str() == page) return 0;
  std::cerr << tool << ": error: " << argv[2] << " is not what " << table << " says; run: " << tool << " > " << argv[2] << '\n';
  return 1;
}

}  // namespace base
