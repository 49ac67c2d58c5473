@NullUnmarked
package com.example.shop;

import org.jspecify.annotations.NullUnmarked;
