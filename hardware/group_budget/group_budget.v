// Group budget unit: collects the terms of a group of values, then lets the largest come out one a cycle until the budget is used up. At one
// exponent the lowest index comes first. With comparator low there is no budget.
module group_budget #(
    parameter GROUP  = 8,
    parameter LEVELS = 9,
    parameter INDEX  = 3
) (
    input  wire               clk,
    input  wire               clear,        // forget the terms of the group before
    input  wire [GROUP-1:0]   term,         // a term of each value comes in
    input  wire [GROUP-1:0]   negative,
    input  wire [4*GROUP-1:0] exponent,
    input  wire               reveal,       // terms come out while it is high
    input  wire               comparator,   // COMPARATOR_ON
    input  wire [6:0]         budget,       // GROUP_BUDGET
    output wire               kept,         // a term comes out in this cycle
    output wire [INDEX-1:0]   kept_index,
    output wire               kept_negative,
    output wire [3:0]         kept_exponent,
    output wire               done          // none is left, or the budget is used up
);
    reg [GROUP*LEVELS-1:0] present;
    reg [GROUP*LEVELS-1:0] signs;
    reg [6:0]              used;

    wire             any;
    wire [INDEX-1:0] index;
    wire [3:0]       level;

    term_comparator #(.GROUP(GROUP), .LEVELS(LEVELS), .INDEX(INDEX)) comparison (.present(present), .any(any), .index(index), .exponent(level));

    integer i;

    assign done = !any || (comparator && used == budget);
    assign kept = reveal && !done;
    assign kept_index = index;
    assign kept_exponent = level;
    assign kept_negative = signs[level*GROUP + index];

    always @(posedge clk) begin
        if (clear) begin
            present <= 0;
            used <= 7'd0;
        end else begin
            for (i = 0; i < GROUP; i = i + 1)
                if (term[i]) begin
                    present[exponent[4*i +: 4]*GROUP + i] <= 1'b1;
                    signs[exponent[4*i +: 4]*GROUP + i] <= negative[i];
                end
            if (kept) begin
                present[level*GROUP + index] <= 1'b0;
                used <= used + 7'd1;
            end
        end
    end
endmodule
