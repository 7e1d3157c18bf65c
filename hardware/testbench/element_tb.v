// Self-checking testbench of one processing element: every sum of a layer, one dot product after the other, and the cycles that they take.
`include "parameters.vh"
`timescale 1ns / 1ns
module testbench;
`include "memories.vh"

    reg clk = 1'b0;
    always #1 clk = !clk;

    reg     running, checking, configure;
    integer position, filter, step, waited;

    wire stepping = running && !checking && step < `STEPS;
    wire [`X_BITS-1:0] x;
    wire [`X_FILE_BITS-1:0] x_read = xs[position*`STEPS + (step < `STEPS ? step : 0)];
    wire [`W_BITS-1:0] w = ws[filter*`STEPS + (step < `STEPS ? step : 0)];
    wire signed [39:0] sum;
    wire               begins, advance;
    wire [6:0]         w_slot;
    wire [3:0]         x_term, terms;

`ifdef TRIM_BITS
    sparq_trim #(.N(`TRIM_BITS), .STEP(`TRIM_STEP), .ROUND(`TRIM_ROUND), .PAIRS(`TRIM_PAIRS)) trim (
        .first(x_read[7:0]), .second(x_read[15:8]), .operand_a(x[`TRIM_BITS-1:0]), .shift_a(x[`TRIM_BITS+2:`TRIM_BITS]),
        .operand_b(x[2*`TRIM_BITS+2:`TRIM_BITS+3]), .shift_b(x[2*`TRIM_BITS+5:2*`TRIM_BITS+3]), .select(x[2*`TRIM_BITS+7:2*`TRIM_BITS+6]));
`else
    assign x = x_read;
`endif

    tr_control control (
        .clk(clk), .write(configure), .value(`CONTROL), .run(stepping), .hese(), .comparator(), .bits(), .group_less_one(), .budget(),
        .terms(terms), .w_slot(w_slot), .x_term(x_term), .begins(begins), .advance(advance));

    processing_element #(.KIND(`KIND), .XW(`X_BITS), .WW(`W_BITS), .P0(`P0), .P1(`P1), .P2(`P2), .P3(`P3), .P4(`P4)) element (
        .clk(clk), .valid(stepping), .first(step == 0), .begins(begins), .advance(advance), .w_slot(w_slot), .x_term(x_term), .terms(terms),
        .x(x), .w(w), .x_out(), .w_out(), .sum(sum));

    initial begin
        read_vectors;
        errors = 0;
        cycles = 0;
        position = 0;
        filter = 0;
        step = 0;
        waited = 0;
        running = 1'b0;
        checking = 1'b0;
        configure = 1'b1;
    end

    always @(posedge clk) begin
        if (!running) begin
            configure <= 1'b0;
            running <= 1'b1;
        end else if (checking) begin
            check(position, filter, sum);
            checking <= 1'b0;
            step <= 0;
            waited <= 0;
            if (filter == `FILTERS - 1) begin
                filter <= 0;
                position <= position + 1;
                if (position == `POSITIONS - 1) report;
            end else filter <= filter + 1;
        end else begin
            cycles = cycles + 1;
            if (stepping) begin
                if (advance) step <= step + 1;
                if (advance && step == `STEPS - 1 && `EXTRA == 0) checking <= 1'b1;
            end else begin
                waited <= waited + 1;
                if (waited == `EXTRA - 1) checking <= 1'b1;
            end
        end
    end
endmodule
