@NullMarked
package io.cloacina.processor;

import org.jspecify.annotations.NullMarked;
