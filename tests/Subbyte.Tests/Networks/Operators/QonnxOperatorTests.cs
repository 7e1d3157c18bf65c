using Subbyte.Networks;
using Subbyte.Onnx;
using Subbyte.Tensors;

namespace Subbyte.Tests.Networks.Operators;

/// <summary>QONNX's operators by their specification.</summary>
public sealed class QonnxOperatorTests
{
    private const string Qonnx = "qonnx.custom_op.general";

    private static readonly float[] Values = [5.5f, 2.5f, 1.6f, 1.1f, 1, -1, -1.1f, -1.6f, -2.5f, -5.5f];

    [Theory]
    [InlineData("ROUND", new double[] { 6, 2, 2, 1, 1, -1, -1, -2, -2, -6 })]
    [InlineData("CEIL", new double[] { 6, 3, 2, 2, 1, -1, -1, -1, -2, -5 })]
    [InlineData("FLOOR", new double[] { 5, 2, 1, 1, 1, -1, -2, -2, -3, -6 })]
    [InlineData("UP", new double[] { 6, 3, 2, 2, 1, -1, -2, -2, -3, -6 })]
    [InlineData("DOWN", new double[] { 5, 2, 1, 1, 1, -1, -1, -1, -2, -5 })]
    [InlineData("ROUND_TO_ZERO", new double[] { 5, 2, 1, 1, 1, -1, -1, -1, -2, -5 })]
    [InlineData("half_up", new double[] { 6, 3, 2, 1, 1, -1, -1, -2, -3, -6 })]
    [InlineData("HALF_DOWN", new double[] { 5, 2, 2, 1, 1, -1, -1, -2, -2, -5 })]
    public void Numbers_are_rounded_as_the_table_of_modes_says(string mode, double[] expected)
    {
        foreach (var opType in new[] { "Quant", "IntQuant" })
        {
            foreach (var domain in new[] { Qonnx, "onnx.brevitas" })
                Quant(opType, domain, ("rounding_mode", mode)).Run(Tensor.Of<float>(Values), Tensor.Scalar(1f), Tensor.Scalar(0f), Tensor.Scalar(8f))[0].Numbers().ShouldBe(expected, domain);
        }
    }

    [Theory]
    [InlineData(1, 0, -8, 7)]
    [InlineData(1, 1, -7, 7)]
    [InlineData(0, 0, 0, 15)]
    [InlineData(0, 1, 0, 14)]
    public void The_range_follows_sign_width_and_narrowness(int signed, int narrow, double lowest, double highest)
        => Quant("Quant", Qonnx, ("signed", signed), ("narrow", narrow)).Run(Tensor.Of<float>([-100, 100]), Tensor.Scalar(0.5f), Tensor.Scalar(0f), Tensor.Scalar(4L))[0].Numbers().ShouldBe([0.5 * lowest, 0.5 * highest]);

    [Fact]
    public void Scales_and_zero_points_are_broadcast_over_channels()
    {
        var x = Tensor.Of<float>([1, 2, 3, 4, 5, 6, 7, 8], 1, 2, 2, 2);
        var y = Quant("Quant", Qonnx).Run(x, Tensor.Of<float>([1, 2], 1, 2, 1, 1), Tensor.Of<float>([0, 4], 2, 1, 1), Tensor.Scalar(4f))[0];
        // Channel 1: round(5/2 + 4) = round(6.5) = 6, 7 for 6, then the end of the range.
        y.Numbers().ShouldBe([1, 2, 3, 4, 4, 6, 6, 6]);
    }

    [Fact]
    public void Bipolar_values_are_the_scale_with_a_sign()
        => new SingleNode("BipolarQuant") { Domain = Qonnx }.Run(Tensor.Of<float>([-3, -0.1f, 0, 2]), Tensor.Scalar(0.25f))[0].Numbers().ShouldBe([-0.25, -0.25, 0.25, 0.25]);

    [Fact]
    public void Truncation_cuts_the_last_bits_of_a_code()
    {
        var x = Tensor.Of<float>([100, -100, 37, 6]);
        // From 8 to 4 bits: codes over 16, rounded down.
        new SingleNode("Trunc") { Domain = Qonnx, Constants = [3, 4] }.Run(x, Tensor.Scalar(1f), Tensor.Scalar(0f), Tensor.Scalar(8f), Tensor.Scalar(4f))[0].Numbers().ShouldBe([6, -7, 2, 0]);
        new SingleNode("Trunc", ("rounding_mode", "ROUND"), ("signed", 1)) { Domain = Qonnx, Constants = [3, 4, 5] }
            .Run(x, Tensor.Scalar(1f), Tensor.Scalar(0f), Tensor.Scalar(8f), Tensor.Scalar(16f), Tensor.Scalar(4f))[0].Numbers().ShouldBe([96, -96, 32, 0]);
        new SingleNode("Trunc") { Domain = Qonnx, Constants = [3, 4, 5] }.Run(x, Tensor.Scalar(0f), Tensor.Scalar(0f), Tensor.Scalar(8f), Tensor.Scalar(16f), Tensor.Scalar(4f))[0].Numbers().ShouldAllBe(value => double.IsNaN(value));
    }

    [Fact]
    public void What_the_specification_does_not_know_is_refused()
    {
        var x = Tensor.Of<float>(Values);
        Quant("Quant", Qonnx, ("rounding_mode", "SIDEWAYS")).Refusal(x, Tensor.Scalar(1f), Tensor.Scalar(0f), Tensor.Scalar(8f)).ShouldContain("SIDEWAYS");
        Quant("Quant", Qonnx).Refusal(x, Tensor.Scalar(1f), Tensor.Scalar(0f), Tensor.Scalar(2.5f)).ShouldContain("2.5");
        Quant("Quant", Qonnx).Refusal(x, Tensor.Of<float>([1, 2, 3]), Tensor.Scalar(0f), Tensor.Scalar(8f)).ShouldContain("broadcast");
    }

    [Fact]
    public void Reading_and_writing_keep_the_operators()
    {
        Tensor[] inputs = [Tensor.Of<float>(Values), Tensor.Scalar(0.5f), Tensor.Scalar(0f), Tensor.Scalar(4f)];
        foreach (var opType in new[] { "Quant", "BipolarQuant" })
        {
            var operands = opType == "Quant" ? inputs : inputs[..2];
            var network = Quant(opType, Qonnx, ("signed", 1), ("narrow", 1), ("rounding_mode", "FLOOR")).Network(operands) with
            {
                Opsets = new Dictionary<string, long>(StringComparer.Ordinal) { [""] = 13, [Qonnx] = 2 },
            };
            using var stream = new MemoryStream();
            OnnxNetwork.Write(network, stream);
            var read = OnnxNetwork.Parse(stream.ToArray(), "again");
            read.Opsets.ShouldBe(network.Opsets, ignoreOrder: true);
            var (node, original) = (read.Nodes.ShouldHaveSingleItem(), network.Nodes[0]);
            (node.Domain, node.OpType).ShouldBe((original.Domain, original.OpType));
            node.Inputs.ShouldBe(original.Inputs);
            node.Attributes.ToDictionary(attribute => attribute.Key, attribute => attribute.Value.Value).ShouldBe(original.Attributes.ToDictionary(attribute => attribute.Key, attribute => attribute.Value.Value), ignoreOrder: true);
        }
    }

    private static SingleNode Quant(string opType, string domain, params (string Name, AttributeValue Value)[] attributes)
        => new(opType, attributes) { Domain = domain, Constants = [3] };
}
