/** Operations on many executions, while others run: begin with {@link io.cloacina.benchmarks.bulk.BulkCommand}. */
@NullMarked
package io.cloacina.benchmarks.bulk;

import org.jspecify.annotations.NullMarked;
