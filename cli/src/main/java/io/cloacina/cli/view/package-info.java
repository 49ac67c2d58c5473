/**
 * How things look as text: {@link io.cloacina.cli.view.Screen} is where they are shown, the others turn tables, tasks and times
 * into lines.
 *
 * <p>Invariants: no line is wider than the screen; colours and control sequences are there only when the screen has them; a
 * text of the user reaches it only through {@link io.cloacina.cli.view.Format#printable}.
 */
@NullMarked
package io.cloacina.cli.view;

import org.jspecify.annotations.NullMarked;
