/** How long answers take beside a long history: begin with {@link io.cloacina.benchmarks.answers.AnswersCommand}. */
@NullMarked
package io.cloacina.benchmarks.answers;

import org.jspecify.annotations.NullMarked;
