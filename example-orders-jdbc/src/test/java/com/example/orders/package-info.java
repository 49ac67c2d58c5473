@NullUnmarked
package com.example.orders;

import org.jspecify.annotations.NullUnmarked;
