// FPEC processing element: a multiplier of the computation bits and two adders that accumulate the other operand wherever an error code is not
// zero. Two adders never wait, whatever the errors are. The final shift-add is done once behind the array (fpec_sum).
module fpec_pe #(
    parameter XN     = 5,       // computation bits of an activation
    parameter WN     = 5,       // computation bits of a weight
    parameter CARRY  = 8,       // bits by which a sum is wider than its terms: log2 of the longest dot product
    parameter DOUBLE = 0        // 1: error codes are −2 … 2, else −1 … 1
) (
    input  wire                            clk,
    input  wire                            valid,
    input  wire                            first,
    input  wire        [XN+2:0]            x,       // {error, code}: three and XN bits, signed
    input  wire        [WN+2:0]            w,
    output reg         [XN+2:0]            x_out,
    output reg         [WN+2:0]            w_out,
    output reg  signed [XN+WN+CARRY-1:0]   products,
    output reg  signed [WN+CARRY:0]        errors_x,
    output reg  signed [XN+CARRY:0]        errors_w
);
    wire signed [XN-1:0] code_x = x[XN-1:0];
    wire signed [WN-1:0] code_w = w[WN-1:0];
    wire signed [2:0]    error_x = x[XN+2:XN];
    wire signed [2:0]    error_w = w[WN+2:WN];

    // The operand, doubled or not, added or subtracted: subtracting is adding the complement and one.
    wire signed [XN+WN-1:0] product = code_x * code_w;
    wire signed [WN:0]      size_w = DOUBLE != 0 && !error_x[0] ? {code_w, 1'b0} : {code_w[WN-1], code_w};
    wire signed [XN:0]      size_x = DOUBLE != 0 && !error_w[0] ? {code_x, 1'b0} : {code_x[XN-1], code_x};
    wire signed [WN:0]      added_w = error_x == 3'd0 ? {(WN+1){1'b0}} : size_w ^ {(WN+1){error_x[2]}};
    wire signed [XN:0]      added_x = error_w == 3'd0 ? {(XN+1){1'b0}} : size_x ^ {(XN+1){error_w[2]}};

    always @(posedge clk) begin
        x_out <= x;
        w_out <= w;
        if (valid) begin
            products <= (first ? {(XN+WN+CARRY){1'b0}} : products) + {{CARRY{product[XN+WN-1]}}, product};
            errors_x <= (first ? {(WN+CARRY+1){1'b0}} : errors_x) + {{CARRY{added_w[WN]}}, added_w} + {{(WN+CARRY){1'b0}}, error_x[2]};
            errors_w <= (first ? {(XN+CARRY+1){1'b0}} : errors_w) + {{CARRY{added_x[XN]}}, added_x} + {{(XN+CARRY){1'b0}}, error_w[2]};
        end
    end
endmodule
