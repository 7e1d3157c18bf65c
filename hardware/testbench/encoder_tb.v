// Self-checking testbench of the HESE encoder: the terms of each value, the largest first, and the cycles that they take. A value's word is
// {hese, magnitude}, its result {negative, present}, a bit an exponent.
`include "parameters.vh"
`timescale 1ns / 1ns
module testbench;
`include "memories.vh"

    reg clk = 1'b0;
    always #1 clk = !clk;

    reg        start, running;
    integer    position;
    reg [19:0] present, negatives;
    reg [4:0]  smallest;
    wire       busy, term, negative;
    wire [3:0] exponent;

    hese_encoder #(.BITS(`P0)) encoder (
        .clk(clk), .start(start), .hese(xs[position][`P0]), .magnitude(xs[position][`P0-1:0]), .busy(busy), .term(term), .negative(negative), .exponent(exponent));

    initial begin
        read_vectors;
        errors = 0;
        cycles = 0;
        position = 0;
        start = 1'b1;
        running = 1'b0;
    end

    always @(posedge clk) begin
        if (start) begin
            start <= 1'b0;
            running <= 1'b1;
            present <= 20'd0;
            negatives <= 20'd0;
            smallest <= 5'd31;
        end else if (busy) begin
            cycles = cycles + 1;
            if (term) begin
                if ({1'b0, exponent} >= smallest) errors = errors + 1;
                smallest <= {1'b0, exponent};
                present[exponent] <= 1'b1;
                negatives[exponent] <= negative;
            end
        end else begin
            check(position, {negatives, present});
            start <= 1'b1;
            if (position == `Y_WORDS - 1) report;
            position <= position + 1;
        end
    end
endmodule
