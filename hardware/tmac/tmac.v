// Term MAC: one pair of terms a cycle. Exponents are added, and plus or minus that power of two goes to the sum.
module tmac (
    input  wire               clk,
    input  wire               valid,        // both terms are there
    input  wire               first,        // they would be the first of a dot product
    input  wire               w_negative,
    input  wire        [3:0]  w_exponent,
    input  wire               x_negative,
    input  wire        [3:0]  x_exponent,
    output reg  signed [31:0] sum
);
    wire [4:0]  exponent = {1'b0, w_exponent} + {1'b0, x_exponent};
    wire [31:0] magnitude = valid ? 32'd1 << exponent : 32'd0;
    wire        negative = w_negative ^ x_negative;

    always @(posedge clk)
        if (valid || first) sum <= (first ? 32'sd0 : sum) + (magnitude ^ {32{valid & negative}}) + {31'd0, valid & negative};
endmodule
