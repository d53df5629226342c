/** Tables, plots, and the page of the documentation that is made of them. */
package dev.pgleader.peers.page;
