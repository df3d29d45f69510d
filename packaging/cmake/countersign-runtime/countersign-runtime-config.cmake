# find_package(countersign-runtime) gives the target countersign::runtime, and the
# function aws_lambda_package_target().

include(CMakeFindDependencyMacro)
set(THREADS_PREFER_PTHREAD_FLAG ON)
find_dependency(Threads)

if(NOT TARGET countersign::runtime)
  get_filename_component(_countersign_lib "${CMAKE_CURRENT_LIST_DIR}/../.." ABSOLUTE)
  get_filename_component(_countersign_prefix "${_countersign_lib}/@PREFIX_FROM_LIB@" ABSOLUTE)
  add_library(countersign::runtime STATIC IMPORTED)
  # Frame pointers are what the stack trace of a crash is read from.
  set_target_properties(countersign::runtime PROPERTIES
    IMPORTED_LOCATION "${_countersign_lib}/libcountersign-runtime.a"
    INTERFACE_INCLUDE_DIRECTORIES "${_countersign_prefix}/include"
    INTERFACE_COMPILE_OPTIONS "-fno-omit-frame-pointer;-mno-omit-leaf-frame-pointer"
    INTERFACE_LINK_LIBRARIES Threads::Threads)
  unset(_countersign_lib)
  unset(_countersign_prefix)
endif()

include("${CMAKE_CURRENT_LIST_DIR}/package.cmake")
