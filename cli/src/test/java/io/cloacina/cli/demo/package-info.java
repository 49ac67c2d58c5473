/** Tests of the demo's parts. */
@NullMarked
package io.cloacina.cli.demo;

import org.jspecify.annotations.NullMarked;
