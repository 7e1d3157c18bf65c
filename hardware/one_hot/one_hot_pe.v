// One-hot processing element: both operands are a sign and an exponent of three bits, 7 meaning zero; a product is the sum of the exponents.
module one_hot_pe (
    input  wire               clk,
    input  wire               valid,
    input  wire               first,
    input  wire        [3:0]  x,        // {sign, exponent}
    input  wire        [3:0]  w,
    output reg         [3:0]  x_out,
    output reg         [3:0]  w_out,
    output reg  signed [31:0] sum
);
    wire               is_zero  = x[2:0] == 3'd7 || w[2:0] == 3'd7;
    wire        [3:0]  exponent = {1'b0, x[2:0]} + {1'b0, w[2:0]};
    wire        [12:0] magnitude = is_zero ? 13'd0 : 13'd1 << exponent;
    wire               negative = x[3] ^ w[3];

    always @(posedge clk) begin
        x_out <= x;
        w_out <= w;
        // Subtracting is adding the complement and one.
        if (valid) sum <= (first ? 32'sd0 : sum) + ({19'd0, magnitude} ^ {32{negative}}) + {31'd0, negative};
    end
endmodule
