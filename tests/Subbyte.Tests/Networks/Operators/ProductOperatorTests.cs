using Subbyte.Networks.Execution;
using Subbyte.Tensors;

namespace Subbyte.Tests.Networks.Operators;

/// <summary>Matrix products of any ranks and types, against sums written out.</summary>
public sealed class ProductOperatorTests
{
    public static TheoryData<int[], int[], int[]> Shapes => new()
    {
        { [3, 4], [4, 5], [3, 5] },
        { [4], [4, 5], [5] },
        { [3, 4], [4], [3] },
        { [4], [4], [] },
        { [2, 3, 4], [4, 5], [2, 3, 5] },
        { [2, 3, 4], [1, 4, 5], [2, 3, 5] },
        { [3, 4], [1, 4, 5], [1, 3, 5] },
        { [2, 3, 4], [2, 4, 5], [2, 3, 5] },
        { [2, 1, 3, 4], [3, 4, 5], [2, 3, 3, 5] },
        { [4], [2, 4, 5], [2, 5] },
        { [2, 2, 3, 4], [4], [2, 2, 3] },
        { [3, 0], [0, 2], [3, 2] },
        { [0, 3], [3, 2], [0, 2] },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Matrices_of_any_ranks_are_multiplied_whichever_operand_is_constant(int[] left, int[] right, int[] result)
    {
        foreach (var type in new[] { ElementType.Float32, ElementType.Float16, ElementType.Float64, ElementType.Int32, ElementType.UInt32, ElementType.Int64, ElementType.UInt64 })
        {
            var (x, y) = (Elements.Of(type, Enumerable.Range(0, 200).Select(i => (double)(i % 7)).Take(Count(left)), left), Elements.Of(type, Enumerable.Range(0, 200).Select(i => (double)(i % 5)).Take(Count(right)), right));
            var expected = Multiply(x, y, result);
            foreach (var constants in new int[][] { [], [0], [1] })
            {
                var z = new SingleNode("MatMul") { Constants = constants }.Run(x, y)[0];
                z.ElementType.ShouldBe(type);
                z.Dimensions.ToArray().ShouldBe(result);
                z.Numbers().ShouldBe(expected, $"{type}, constants {string.Join(",", constants)}");
            }
        }
    }

    [Fact]
    public void Only_a_constant_matrix_on_the_right_makes_a_layer()
    {
        var (x, y) = (Tensor.Of<float>(new float[24], 2, 3, 4), Tensor.Of<float>(new float[20], 1, 4, 5));
        Layers(new SingleNode("MatMul") { Constants = [1] }, x, y).ShouldBe(1);
        Layers(new SingleNode("MatMul"), x, y).ShouldBe(0);
        Layers(new SingleNode("MatMul") { Constants = [0] }, x, y).ShouldBe(0);
    }

    [Fact]
    public void Gemm_scales_transposes_and_broadcasts()
    {
        int[][] addends = [[], [1], [5], [1, 5], [3, 1], [3, 5], [1, 1]];
        foreach (var type in new[] { ElementType.Float32, ElementType.Int32, ElementType.Int64 })
        {
            for (var draw = 0; draw < 32; draw++)
            {
                var (transA, transB, addend) = (draw % 2 == 1, draw / 2 % 2 == 1, draw < 4 ? null : addends[(draw - 4) % addends.Length]);
                var a = Elements.Of(type, Enumerable.Range(1, 12).Select(i => (double)i), transA ? [4, 3] : [3, 4]);
                var b = Elements.Of(type, Enumerable.Range(1, 20).Select(i => (double)(i % 6)), transB ? [5, 4] : [4, 5]);
                var c = addend is null ? null : Elements.Of(type, Enumerable.Range(1, Count(addend)).Select(i => (double)i), addend);
                var expected = RandomWindow.Walk([3, 5]).Select(i =>
                {
                    var product = Enumerable.Range(0, 4).Sum(k => At(a, transA ? [k, i[0]] : [i[0], k]) * At(b, transB ? [i[1], k] : [k, i[1]]));
                    int[] place = addend is null ? [] : [.. addend.Select((size, axis) => size == 1 ? 0 : i[axis + 2 - addend.Length])];
                    return (2 * product) + (c is null ? 0 : 3 * At(c, place));
                });
                foreach (var constants in new int[][] { [], [1], [1, 2] })
                {
                    var node = new SingleNode("Gemm", ("alpha", 2f), ("beta", 3f), ("transA", transA ? 1 : 0), ("transB", transB ? 1 : 0)) { Constants = constants };
                    node.Run(a, b, c)[0].Numbers().ShouldBe(expected, $"{type}, draw {draw}, constants {string.Join(",", constants)}");
                }
            }
        }
    }

    [Fact]
    public void Operands_that_do_not_fit_are_refused()
    {
        var x = Elements.Counting(ElementType.Float32, 3, 4);
        new SingleNode("MatMul").Refusal(x, Elements.Counting(ElementType.Float32, 3, 4)).ShouldContain("'only' (MatMul)");
        new SingleNode("MatMul").Refusal(x, Elements.Counting(ElementType.Int32, 4, 3)).ShouldContain("element types");
        new SingleNode("MatMul").Refusal(x, Tensor.Scalar(1f)).ShouldContain("scalars");
        new SingleNode("Gemm").Refusal(x, Elements.Counting(ElementType.Float32, 4, 3), Elements.Counting(ElementType.Float32, 2, 3)).ShouldContain("broadcast");
        new SingleNode("Gemm", ("alpha", 0.5f)).Refusal(Elements.Counting(ElementType.Int32, 3, 4), Elements.Counting(ElementType.Int32, 4, 3)).ShouldContain("integers");
    }

    private static int Layers(SingleNode node, params Tensor[] inputs)
        => ExecutionPlan.Compile(node.Network(inputs), new ExecutionOptions { Shapes = inputs.Index().ToDictionary(input => $"x{input.Index}", input => input.Item.Dimensions.ToArray(), StringComparer.Ordinal) }).DotProducts.Count();

    private static double[] Multiply(Tensor x, Tensor y, int[] result)
    {
        // With the dimensions that vectors lack, as NumPy adds them.
        int[] left = x.Rank == 1 ? [1, .. x.Dimensions] : x.Dimensions.ToArray();
        int[] right = y.Rank == 1 ? [.. y.Dimensions, 1] : y.Dimensions.ToArray();
        int[] full = [.. result[..(result.Length - (x.Rank == 1 ? 0 : 1) - (y.Rank == 1 ? 0 : 1))], left[^2], right[^1]];
        return [.. RandomWindow.Walk(full).Select(i => Enumerable.Range(0, left[^1]).Sum(k => At(x.Reshaped(left), Place(left, [.. i[..^1], k])) * At(y.Reshaped(right), Place(right, [.. i[..^2], k, i[^1]]))))];

        static int[] Place(int[] shape, int[] index) => [.. shape.Select((size, axis) => size == 1 ? 0 : index[axis + index.Length - shape.Length])];
    }

    private static double At(Tensor tensor, int[] index) => tensor.Numbers()[RandomWindow.Flat(tensor.Dimensions.ToArray(), index)];

    private static int Count(int[] shape) => shape.Aggregate(1, (count, size) => count * size);
}
