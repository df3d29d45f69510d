# A script: writes ${ZIP} with ${EXECUTABLE} in it as bootstrap, stripped. See
# package.cmake.

cmake_minimum_required(VERSION 3.16)

execute_process(COMMAND "${OBJDUMP}" -p "${EXECUTABLE}"
  RESULT_VARIABLE failed OUTPUT_VARIABLE headers)
if(failed)
  message(FATAL_ERROR "${OBJDUMP} can't read ${EXECUTABLE}")
endif()
if(headers MATCHES "INTERP" AND NOT SHARED)
  message(FATAL_ERROR "${EXECUTABLE} is not linked statically. If it can't be, on the Amazon Linux that it "
    "will run on, say aws_lambda_package_target(... NO_LIBC)")
endif()

set(folder "${ZIP}.folder")
file(REMOVE_RECURSE "${folder}")
file(MAKE_DIRECTORY "${folder}/lib")

# Lambda runs functions as another user, so its permissions must not depend on the umask.
get_filename_component(name "${EXECUTABLE}" NAME)
file(COPY "${EXECUTABLE}" DESTINATION "${folder}/copy" FILE_PERMISSIONS
  OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
file(RENAME "${folder}/copy/${name}" "${folder}/bootstrap")
execute_process(COMMAND "${STRIP}" "${folder}/bootstrap")
set(entries bootstrap)

if(SHARED)
  # Lambda looks for libraries in the package's folder lib.
  file(GET_RUNTIME_DEPENDENCIES EXECUTABLES "${EXECUTABLE}"
    RESOLVED_DEPENDENCIES_VAR libraries
    PRE_EXCLUDE_REGEXES "^ld-" "^lib(c|m|dl|rt|pthread|resolv|util)\\.so")
  foreach(library IN LISTS libraries)
    get_filename_component(name "${library}" NAME)
    get_filename_component(file "${library}" REALPATH)
    configure_file("${file}" "${folder}/lib/${name}" COPYONLY)
    list(APPEND entries "lib/${name}")
  endforeach()
endif()

execute_process(COMMAND "${CMAKE_COMMAND}" -E tar cf "${ZIP}" --format=zip ${entries}
  WORKING_DIRECTORY "${folder}" RESULT_VARIABLE failed)
file(REMOVE_RECURSE "${folder}")
if(failed)
  message(FATAL_ERROR "${ZIP} can't be written")
endif()
message(STATUS "wrote ${ZIP}")
