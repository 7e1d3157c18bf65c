using Subbyte.Hardware.Arrays;

namespace Subbyte.Hardware.Tests.Arrays;

public sealed class TrafficModelTests
{
    [Fact]
    public void Traffic_in_closed_form_is_that_of_a_walk_over_the_folds()
    {
        var random = new Random(2);
        for (var i = 0; i < 2000; i++)
        {
            var (array, shape, dataflow) = (random.Array(6), random.Shape(80) with { Groups = random.Next(1, 3) }, random.Dataflow());
            shape = shape with { InputElements = random.NextInt64(1, (shape.Positions * shape.Depth) + 1) };
            var memory = new ArrayMemory
            {
                InputBytes = random.Next(1, 4000),
                FilterBytes = random.Next(1, 4000),
                OutputBytes = random.Next(1, 4000),
                BytesPerCycle = random.Next(4) == 0 ? double.PositiveInfinity : random.Next(1, 64),
                FilterBits = random.Next(1, 9),
            };
            TrafficModel.Of(shape, array, dataflow, memory).ShouldBe(TrafficModel.Walk(shape, array, dataflow, memory), $"{shape} {array} {dataflow} {memory}");
        }
    }

    [Fact]
    public void Large_memories_move_every_byte_once_and_stall_only_at_both_ends()
    {
        var shape = new MatrixShape(100, 40, 27) { InputElements = 1000 };
        foreach (var dataflow in Enum.GetValues<Dataflow>())
        {
            var traffic = TrafficModel.Of(shape, new ArraySize(200, 200), dataflow, new ArrayMemory { InputBytes = 1 << 20, FilterBytes = 1 << 20, OutputBytes = 1 << 20, BytesPerCycle = 10 });
            traffic.DramReadBytes.ShouldBe(1000 + (40 * 27));
            traffic.DramWriteBytes.ShouldBe(100 * 40);
            traffic.StallCycles.ShouldBe(208 + 400);
        }
    }

    [Fact]
    public void Small_memories_fetch_again()
    {
        var shape = new MatrixShape(64, 64, 64);
        var array = new ArraySize(8, 8);
        var small = new ArrayMemory { InputBytes = 16, FilterBytes = 16, OutputBytes = 16 };
        TrafficModel.Of(shape, array, Dataflow.OutputStationary, small).DramReadBytes.ShouldBe(2 * 64 * 64 * 8);
        // Partial sums of 32 bits go out and come back between the eight folds of a dot product.
        var stationary = TrafficModel.Of(shape, array, Dataflow.WeightStationary, small);
        stationary.DramReadBytes.ShouldBe((64 * 64) + (64 * 64 * 8) + (7 * 4 * 64 * 64));
        stationary.DramWriteBytes.ShouldBe((64 * 64) + (7 * 4 * 64 * 64));
    }
}
