/** Tests of how things look. */
@NullMarked
package io.cloacina.cli.view;

import org.jspecify.annotations.NullMarked;
