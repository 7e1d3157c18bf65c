// The final shift-add of FPEC, in two cycles: products and compensations at the scale of the finest error code.
module fpec_sum #(
    parameter XN    = 5,
    parameter WN    = 5,
    parameter CARRY = 8,
    parameter EX    = 1,        // an activation's error code is in units of 2^-(1 + EX) steps
    parameter EW    = 1,
    parameter S     = 2         // the sum is in units of 2^-S steps: 1 + max(EX, EW), 0 where nothing is compensated
) (
    input  wire                            clk,
    input  wire signed [XN+WN+CARRY-1:0]   products,
    input  wire signed [WN+CARRY:0]        errors_x,
    input  wire signed [XN+CARRY:0]        errors_w,
    output reg  signed [39:0]              sum
);
    wire signed [39:0] wide_products = products;
    wire signed [39:0] wide_x = errors_x;
    wire signed [39:0] wide_w = errors_w;
    reg  signed [39:0] partial;

    always @(posedge clk) begin
        partial <= (wide_products <<< S) + (wide_x <<< (S > EX ? S - 1 - EX : 0));
        sum <= partial + (wide_w <<< (S > EW ? S - 1 - EW : 0));
    end
endmodule
