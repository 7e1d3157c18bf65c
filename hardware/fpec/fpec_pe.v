// FPEC processing element: a multiplier of the computation bits and two adders that accumulate the other operand wherever an error code is not
// zero; the final shift-add follows in two cycles. Two adders never wait, whatever the errors are.
module fpec_pe #(
    parameter XN = 5,           // computation bits of an activation
    parameter WN = 5,           // computation bits of a weight
    parameter EX = 1,           // an activation's error code is in units of 2^-(1 + EX) steps
    parameter EW = 1,
    parameter S  = 2            // the sum is in units of 2^-S steps: 1 + max(EX, EW), 0 where nothing is compensated
) (
    input  wire                clk,
    input  wire                valid,
    input  wire                first,
    input  wire [XN+2:0]       x,       // {error, code}: three and XN bits, signed
    input  wire [WN+2:0]       w,
    output reg  [XN+2:0]       x_out,
    output reg  [WN+2:0]       w_out,
    output reg  signed [39:0]  sum
);
    localparam SIDE = (XN > WN ? XN : WN) + 13;

    wire signed [XN-1:0] code_x = x[XN-1:0];
    wire signed [WN-1:0] code_w = w[WN-1:0];
    wire signed [2:0]    error_x = x[XN+2:XN];
    wire signed [2:0]    error_w = w[WN+2:WN];

    // An error code is −2 … 2: the operand, doubled or not, added or subtracted.
    function signed [SIDE-1:0] compensation;
        input signed [2:0] error;
        input signed [SIDE-1:0] code;
        reg signed [SIDE-1:0] size;
        begin
            size = error == 3'sd2 || error == -3'sd2 ? code <<< 1 : code;
            compensation = error == 3'sd0 ? 0 : error[2] ? -size : size;
        end
    endfunction

    wire signed [XN+WN-1:0] product = code_x * code_w;
    reg  signed [39:0]      products;
    reg  signed [SIDE-1:0]  errors_x;
    reg  signed [SIDE-1:0]  errors_w;
    reg  signed [39:0]      partial;

    always @(posedge clk) begin
        x_out <= x;
        w_out <= w;
        if (valid) begin
            products <= (first ? 40'sd0 : products) + {{(40-XN-WN){product[XN+WN-1]}}, product};
            errors_x <= (first ? {SIDE{1'b0}} : errors_x) + compensation(error_x, {{(SIDE-WN){code_w[WN-1]}}, code_w});
            errors_w <= (first ? {SIDE{1'b0}} : errors_w) + compensation(error_w, {{(SIDE-XN){code_x[XN-1]}}, code_x});
        end
        partial <= (products <<< S) + ({{(40-SIDE){errors_x[SIDE-1]}}, errors_x} <<< (S > EX ? S - 1 - EX : 0));
        sum <= partial + ({{(40-SIDE){errors_w[SIDE-1]}}, errors_w} <<< (S > EW ? S - 1 - EW : 0));
    end
endmodule
