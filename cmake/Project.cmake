# c0_library(name SOURCES a.cpp .. USES lib ..)   a folder's library; includes are written from the top: "assembler/isa/isa.h"
# c0_llvm(target)                                  adds LLVM Support, static (shared libLLVM leaks its options into --help)
# c0_tool(name SOURCES .. USES ..)                 a program in <build>/bin
# c0_unit_test(name SOURCES .. USES ..)            a GoogleTest program, each case known to ctest
# c0_embed(target page.css)                        page.css.inc in the target's binary folder: the text as a string literal
# c0_lexer(target input.re)  c0_parser(target input.yy)   generated sources in the target's binary folder

set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
llvm_map_components_to_libnames(C0_LLVM_LIBRARIES support)

function(c0_llvm target)
  target_include_directories(${target} SYSTEM PUBLIC ${LLVM_INCLUDE_DIRS})
  target_compile_definitions(${target} PUBLIC ${LLVM_DEFINITIONS})
  target_link_libraries(${target} PUBLIC ${C0_LLVM_LIBRARIES})
endfunction()

# Half of a clean build is parsing the standard library: the headers that most files include are precompiled once.
function(c0_precompiled name)
  if(NOT TARGET library_header)
    file(WRITE ${PROJECT_BINARY_DIR}/library_header.cpp "")
    add_library(library_header STATIC ${PROJECT_BINARY_DIR}/library_header.cpp)
    target_compile_definitions(library_header PRIVATE ${LLVM_DEFINITIONS})
    target_precompile_headers(library_header PRIVATE <algorithm> <array> <cstdint> <functional> <map> <memory> <optional> <set> <span>
      <string> <string_view> <unordered_map> <utility> <variant> <vector>)
  endif()
  target_compile_definitions(${name} PRIVATE ${LLVM_DEFINITIONS})
  target_precompile_headers(${name} REUSE_FROM library_header)
endfunction()

function(c0_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;USES" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  c0_precompiled(${name})
  target_include_directories(${name} PUBLIC ${PROJECT_SOURCE_DIR} PRIVATE ${CMAKE_CURRENT_BINARY_DIR})
  target_link_libraries(${name} PUBLIC ${ARG_USES})
endfunction()

function(c0_tool name)
  cmake_parse_arguments(ARG "" "" "SOURCES;USES" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  c0_precompiled(${name})
  target_compile_definitions(${name} PRIVATE C0_VERSION="${PROJECT_VERSION}")
  target_link_libraries(${name} PRIVATE ${ARG_USES})
endfunction()

# Compiling the tests is a third of a clean build: they share GoogleTest's header precompiled, and are not optimised.
function(c0_unit_test name)
  cmake_parse_arguments(ARG "" "" "SOURCES;USES" ${ARGN})
  if(NOT TARGET unit_test_header)
    file(WRITE ${PROJECT_BINARY_DIR}/unit_test_header.cpp "")
    add_library(unit_test_header STATIC ${PROJECT_BINARY_DIR}/unit_test_header.cpp)
    target_link_libraries(unit_test_header PRIVATE GTest::gtest)
    target_compile_options(unit_test_header PRIVATE -O0)
    target_compile_definitions(unit_test_header PUBLIC ${LLVM_DEFINITIONS})
    target_precompile_headers(unit_test_header PRIVATE <gtest/gtest.h>)
  endif()
  add_executable(${name} ${ARG_SOURCES})
  target_compile_definitions(${name} PRIVATE ${LLVM_DEFINITIONS})
  target_compile_options(${name} PRIVATE -O0)
  target_precompile_headers(${name} REUSE_FROM unit_test_header)
  target_compile_definitions(${name} PRIVATE C0_SOURCE_DIR="${PROJECT_SOURCE_DIR}" C0_BINARY_DIR="${PROJECT_BINARY_DIR}")
  target_link_libraries(${name} PRIVATE ${ARG_USES} GTest::gtest GTest::gtest_main)
  add_test(NAME unit/${name} COMMAND ${name})
endfunction()

function(c0_embed target input)
  set(output ${CMAKE_CURRENT_BINARY_DIR}/${input}.inc)
  add_custom_command(OUTPUT ${output} DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${input} ${PROJECT_SOURCE_DIR}/cmake/embed.cmake
    COMMAND ${CMAKE_COMMAND} -DINPUT=${CMAKE_CURRENT_SOURCE_DIR}/${input} -DOUTPUT=${output} -P ${PROJECT_SOURCE_DIR}/cmake/embed.cmake VERBATIM)
  target_sources(${target} PRIVATE ${output})
endfunction()

function(c0_lexer target input)
  get_filename_component(stem ${input} NAME_WE)
  set(output ${CMAKE_CURRENT_BINARY_DIR}/${stem}.cpp)
  add_custom_command(OUTPUT ${output} DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${input}
    COMMAND ${RE2C} -W --no-generation-date -o ${output} ${CMAKE_CURRENT_SOURCE_DIR}/${input} VERBATIM)
  set_source_files_properties(${output} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
  target_sources(${target} PRIVATE ${output})
endfunction()

function(c0_parser target input)
  get_filename_component(stem ${input} NAME_WE)
  bison_target(${target}_${stem} ${CMAKE_CURRENT_SOURCE_DIR}/${input} ${CMAKE_CURRENT_BINARY_DIR}/${stem}.cpp
    DEFINES_FILE ${CMAKE_CURRENT_BINARY_DIR}/${stem}.h COMPILE_FLAGS "-Wall -Werror=conflicts-sr -Werror=conflicts-rr")
  set_source_files_properties(${BISON_${target}_${stem}_OUTPUTS} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
  target_sources(${target} PRIVATE ${BISON_${target}_${stem}_OUTPUTS})
endfunction()

# Adds the sub folders that have a CMakeLists.txt, in this order: a library may use only those before it.
macro(c0_folders)
  foreach(folder ${ARGN})
    if(EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/${folder}/CMakeLists.txt)
      add_subdirectory(${folder})
    endif()
  endforeach()
endmacro()
