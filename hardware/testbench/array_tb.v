// Self-checking testbench of a systolic array, or of one processing element, which is an array of one: a layer, fold by fold, and the cycles of all
// folds. Phases run one after the other with vectors and control registers of their own: the write that begins a fold is what switches between them.
`include "parameters.vh"
`timescale 1ns / 1ns
module testbench;
`include "memories.vh"

    reg clk = 1'b0;
    always #1 clk = !clk;

    reg     running, checking, configure;
    integer phase, position, filter, step, x_base, w_base, y_base, r, c;

    wire [32*`PHASES-1:0] all_steps = `PHASE_STEPS;
    wire [22*`PHASES-1:0] controls = `PHASE_CONTROLS;
    wire [31:0]           steps = all_steps[32*phase +: 32];

    wire stepping = running && !checking && step < steps;
    wire [`ROWS*`X_BITS-1:0]    x;
    wire [`COLUMNS*`W_BITS-1:0] w;
    wire [`ROWS*`COLUMNS*40-1:0] sums;
    wire                         begins, advance, ready, done;
    wire [6:0]                   w_slot;
    wire [3:0]                   x_term, terms;

    // Rows and columns beyond the layer's get zeros.
    genvar i;
    generate
        for (i = 0; i < `ROWS; i = i + 1) begin : rows
            wire [`X_FILE_BITS-1:0] x_read = stepping && position + i < `POSITIONS ? xs[x_base + (position+i)*steps + step] : 0;
`ifdef TRIM_BITS
            sparq_trim #(.N(`TRIM_BITS), .STEP(`TRIM_STEP), .ROUND(`TRIM_ROUND), .PAIRS(`TRIM_PAIRS)) trim (
                .first(x_read[7:0]), .second(x_read[15:8]), .operand_a(x[i*`X_BITS +: `TRIM_BITS]), .shift_a(x[i*`X_BITS+`TRIM_BITS +: 3]),
                .operand_b(x[i*`X_BITS+`TRIM_BITS+3 +: `TRIM_BITS]), .shift_b(x[i*`X_BITS+2*`TRIM_BITS+3 +: 3]), .select(x[i*`X_BITS+2*`TRIM_BITS+6 +: 2]));
`else
            assign x[i*`X_BITS +: `X_BITS] = x_read;
`endif
        end
        for (i = 0; i < `COLUMNS; i = i + 1) begin : columns
            assign w[i*`W_BITS +: `W_BITS] = stepping && filter + i < `FILTERS ? ws[w_base + (filter+i)*steps + step] : 0;
        end
    endgenerate

    tr_control control (
        .clk(clk), .write(configure), .value(controls[22*phase +: 22]), .run(running && !checking), .hese(), .comparator(), .bits(), .group_less_one(), .budget(),
        .terms(terms), .w_slot(w_slot), .x_term(x_term), .begins(begins), .advance(advance));

    systolic_array #(.ROWS(`ROWS), .COLUMNS(`COLUMNS), .KIND(`KIND), .XW(`X_BITS), .WW(`W_BITS), .P0(`P0), .P1(`P1), .P2(`P2), .P3(`P3), .P4(`P4), .P5(`P5), .EXTRA(`EXTRA)) array (
        .clk(clk), .reset(!running || checking), .valid(stepping), .first(step == 0), .last(step == steps - 1), .begins(begins), .advance(advance),
        .w_slot(w_slot), .x_term(x_term), .terms(terms), .x(x), .w(w), .sums(sums), .ready(ready), .done(done));

    initial begin
        read_vectors;
        errors = 0;
        cycles = 0;
        phase = 0;
        position = 0;
        filter = 0;
        step = 0;
        x_base = 0;
        w_base = 0;
        y_base = 0;
        running = 1'b0;
        checking = 1'b0;
        configure = 1'b1;
    end

    always @(posedge clk) begin
        if (!running) begin
            configure <= 1'b0;
            running <= 1'b1;
        end else if (checking) begin
            checking <= 1'b0;
            configure <= 1'b0;
        end else if (done) begin
            for (r = 0; r < `ROWS; r = r + 1)
                for (c = 0; c < `COLUMNS; c = c + 1)
                    if (position + r < `POSITIONS && filter + c < `FILTERS) check(y_base + (position+r)*`FILTERS + filter + c, sums[(r*`COLUMNS+c)*40 +: 40]);
            // The counters of the beat begin anew with the next fold.
            configure <= 1'b1;
            checking <= 1'b1;
            step <= 0;
            if (filter + `COLUMNS < `FILTERS) filter <= filter + `COLUMNS;
            else begin
                filter <= 0;
                if (position + `ROWS < `POSITIONS) position <= position + `ROWS;
                else if (phase + 1 < `PHASES) begin
                    position <= 0;
                    phase <= phase + 1;
                    x_base <= x_base + `POSITIONS*steps;
                    w_base <= w_base + `FILTERS*steps;
                    y_base <= y_base + `POSITIONS*`FILTERS;
                end else report;
            end
        end else begin
            cycles = cycles + 1;
            if (cycles > `CYCLES) report;
            if (stepping && advance && ready) step <= step + 1;
        end
    end
endmodule
