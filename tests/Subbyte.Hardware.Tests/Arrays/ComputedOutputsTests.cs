using Subbyte.Hardware.Arrays;

namespace Subbyte.Hardware.Tests.Arrays;

/// <summary>Skipped outputs against arrays that run the passes cycle by cycle.</summary>
public sealed class ComputedOutputsTests
{
    [Fact]
    public void Cycles_and_outputs_are_those_of_two_passes_run_cycle_by_cycle()
    {
        var random = new Random(11);
        for (var i = 0; i < 2000; i++)
        {
            var (array, shape, dataflow) = (random.Array(4), random.Shape(9), random.Dataflow());
            var first = Enumerable.Range(0, (int)shape.Positions).Select(_ => random.Next(3) == 0).ToArray();
            var keep = new uint[shape.Positions * shape.Filters];
            for (var output = 0; output < keep.Length; output++) keep[output] = first[output / shape.Filters] || random.Next(4) == 0 ? uint.MaxValue : 0;
            var counted = new ComputedOutputs(shape, array, dataflow);
            counted.Observe(keep, first);
            var (cycles, outputs) = Run(shape, array, dataflow, keep, first);
            counted.Cycles(shape.Depth).ShouldBe(cycles, $"{i}: {shape} on {array} {dataflow}");
            for (var output = 0; output < keep.Length; output++)
            {
                if (keep[output] != 0) outputs[output].ShouldBe(shape.Depth * ((output * 7) + 1));
            }
        }
    }

    [Fact]
    public void Samples_are_averaged_and_groups_added()
    {
        var shape = new MatrixShape(4, 2, 5, 3);
        var counted = new ComputedOutputs(shape, new ArraySize(2, 2), Dataflow.OutputStationary);
        bool[] first = [true, false, false, false];
        counted.Observe([.. Enumerable.Repeat(1u, 24)], first);
        counted.Observe([.. Enumerable.Range(0, 24).Select(output => output < 6 ? 1u : 0)], first);
        // Of each group: one fold of the first position, and two for the other three in one of the samples.
        counted.Cycles(5).ShouldBe(3 * (5 + 2) * (1 + (2 / 2.0)));
    }

    private static (long Cycles, long[] Outputs) Run(MatrixShape shape, ArraySize array, Dataflow dataflow, uint[] keep, bool[] first)
    {
        var outputs = new long[shape.Positions * shape.Filters];
        long cycles = 0;
        int[] always = [.. Enumerable.Range(0, first.Length).Where(position => first[position])];
        int[] filters = [.. Enumerable.Range(0, (int)shape.Filters)];
        bool Needs(int position, IEnumerable<int> of) => !first[position] && of.Any(filter => keep[(position * filters.Length) + filter] != 0);
        void Pass(int[] positions, int[] of)
        {
            if (positions.Length == 0 || of.Length == 0) return;
            var run = new SystolicArrayModel(array, (position, filter, _, sum) => sum + (((positions[position] * filters.Length) + of[filter]) * 7) + 1)
                .Run(new MatrixShape(positions.Length, of.Length, shape.Depth), dataflow);
            cycles += run.Cycles;
            for (var p = 0; p < positions.Length; p++)
            {
                for (var f = 0; f < of.Length; f++) outputs[(positions[p] * filters.Length) + of[f]] = run.Outputs[p, f];
            }
        }

        if (dataflow == Dataflow.InputStationary)
        {
            Pass(always, filters);
            foreach (var fold in Enumerable.Range(0, first.Length).Where(position => Needs(position, filters)).Chunk(array.Columns))
                Pass(fold, [.. filters.Where(filter => fold.Any(position => keep[(position * filters.Length) + filter] != 0))]);
            return (cycles, outputs);
        }

        foreach (var fold in filters.Chunk(array.Columns))
        {
            Pass(always, fold);
            Pass([.. Enumerable.Range(0, first.Length).Where(position => Needs(position, fold))], fold);
        }

        return (cycles, outputs);
    }
}
