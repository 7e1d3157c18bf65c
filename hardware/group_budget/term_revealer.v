// Term revealing of a group of weights: an encoder for each value and the group budget unit behind them. Start takes the values; after the
// encoders the kept terms come out, one a cycle.
module term_revealer #(
    parameter GROUP = 8,
    parameter BITS  = 8,
    parameter INDEX = 3
) (
    input  wire                      clk,
    input  wire                      start,
    input  wire                      hese,
    input  wire                      comparator,
    input  wire [6:0]                budget,
    input  wire [GROUP*(BITS+1)-1:0] values,    // sign and magnitude, the sign on top
    output wire                      kept,
    output wire [INDEX-1:0]          kept_index,
    output wire                      kept_negative,
    output wire [3:0]                kept_exponent,
    output wire                      done
);
    wire [GROUP-1:0]   busy, term, negative;
    wire [4*GROUP-1:0] exponent;
    reg  [GROUP-1:0]   signs;
    reg                started;
    wire               budget_done;
    wire               encoding = |busy;

    assign done = started && !encoding && budget_done;

    genvar i;
    generate
        for (i = 0; i < GROUP; i = i + 1) begin : encoders
            hese_encoder #(.BITS(BITS)) encoder (
                .clk(clk), .start(start), .hese(hese), .magnitude(values[i*(BITS+1) +: BITS]),
                .busy(busy[i]), .term(term[i]), .negative(negative[i]), .exponent(exponent[4*i +: 4]));
            always @(posedge clk) if (start) signs[i] <= values[i*(BITS+1) + BITS];
        end
    endgenerate

    group_budget #(.GROUP(GROUP), .LEVELS(BITS + 1), .INDEX(INDEX)) unit (
        .clk(clk), .clear(start), .term(term), .negative(negative ^ signs), .exponent(exponent), .reveal(started && !encoding),
        .comparator(comparator), .budget(budget), .kept(kept), .kept_index(kept_index), .kept_negative(kept_negative), .kept_exponent(kept_exponent), .done(budget_done));

    always @(posedge clk) started <= start ? 1'b1 : started;
endmodule
