@NullMarked
package io.cloacina.spring;

import org.jspecify.annotations.NullMarked;
