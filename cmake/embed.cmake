# A text file as a C++ string literal: cmake -DINPUT=page.css -DOUTPUT=page.css.inc -P embed.cmake
file(READ ${INPUT} text)
file(WRITE ${OUTPUT} "R\"embedded(${text})embedded\"\n")
