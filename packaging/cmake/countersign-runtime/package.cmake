# aws_lambda_package_target(TARGET [NO_LIBC]) makes a target aws-lambda-package-TARGET
# that writes TARGET.zip, ready for Lambda.
#
# TARGET is linked statically, and the zip holds that one executable. With NO_LIBC it
# is linked as it is, and the zip holds the shared libraries that it needs as well, but
# for the C library: build on the Amazon Linux that the function runs on.

set(_countersign_zip_script "${CMAKE_CURRENT_LIST_DIR}/zip.cmake")

function(aws_lambda_package_target target)
  cmake_parse_arguments(package NO_LIBC "" "" ${ARGN})
  if(package_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "aws_lambda_package_target: unknown arguments: ${package_UNPARSED_ARGUMENTS}")
  endif()
  if(NOT package_NO_LIBC)
    # A property, since a target may use either form of target_link_libraries().
    set_property(TARGET ${target} APPEND_STRING PROPERTY LINK_FLAGS " -static -Wl,--gc-sections")
  endif()
  add_custom_target(aws-lambda-package-${target}
    COMMAND "${CMAKE_COMMAND}"
      "-DEXECUTABLE=$<TARGET_FILE:${target}>"
      "-DZIP=${CMAKE_CURRENT_BINARY_DIR}/${target}.zip"
      "-DSHARED=${package_NO_LIBC}"
      "-DSTRIP=${CMAKE_STRIP}"
      "-DOBJDUMP=${CMAKE_OBJDUMP}"
      -P "${_countersign_zip_script}"
    DEPENDS ${target}
    VERBATIM)
endfunction()
