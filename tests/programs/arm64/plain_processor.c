/* Linked with a program, it takes a processor for one that has nothing but what all of its
 * architecture have: the C library's function, which mbedTLS asks, says nothing.
 */
unsigned long getauxval(unsigned long type);

unsigned long getauxval(unsigned long type) {
  (void)type;
  return 0;
}
