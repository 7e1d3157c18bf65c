using Subbyte.Methods;
using Subbyte.Methods.Pruning;
using Subbyte.Networks;
using Subbyte.Tensors;

namespace Subbyte.Tests.Methods.Pruning;

public class PruningTests
{
    [Fact]
    public void Rows_keep_the_two_largest_of_each_four()
    {
        foreach (var row in VectorTable.Read("Methods/Pruning/two-of-four.vectors.txt"))
        {
            var weights = row.Floats("row");
            TwoOfFour.Prune(weights);
            weights.ShouldBe(row.Floats("pruned"), row["row"]);
        }
    }

    [Theory]
    [InlineData(0, "5 -1 2 | 1 4 -1", "5 -1 2 | 1 4 -1")]
    [InlineData(0.5, "5 -1 2 | 1 4 -1", "5 0 2 | 0 4 0")]
    [InlineData(0.34, "5 -1 2 | 1 4 -1", "5 -1 2 | 0 4 0")]
    [InlineData(0.5, "0 0 3 | 0 4 5", "0 0 3 | 0 4 5")]
    [InlineData(1, "5 -1 2 | 1 4 -1", "0 0 0 | 0 0 0")]
    public void The_smallest_magnitudes_go_and_of_equal_ones_the_later(double share, string before, string after)
    {
        var tensors = Parse(before);
        MagnitudePruning.Prune(tensors, share);
        tensors.ShouldBe(Parse(after));
    }

    [Fact]
    public void The_pattern_runs_along_the_channels_of_a_convolution()
    {
        // Two channels of a 1×3 kernel, stored channel by channel; channel-fastest they read 1 6 2 5 | 3 4.
        var pruned = Middle("Conv", Tensor.Of<float>([1, 2, 3, 6, 5, 4], 1, 2, 1, 3));
        pruned.AsSpan<float>().ToArray().ShouldBe([0f, 0, 3, 6, 5, 4]);
    }

    [Fact]
    public void The_pattern_runs_along_the_inputs_of_fully_connected_layers()
    {
        Middle("Gemm", Tensor.Of<float>([1, 2, 3, 4, 8, 7, 6, 5], 2, 4), ("transB", 1L)).AsSpan<float>().ToArray().ShouldBe([0f, 0, 3, 4, 8, 7, 0, 0]);
        Middle("Gemm", Tensor.Of<float>([1, 8, 2, 7, 3, 6, 4, 5], 4, 2)).AsSpan<float>().ToArray().ShouldBe([0f, 8, 0, 7, 3, 0, 4, 0]);
        Middle("MatMul", Tensor.Of<float>([1, 8, 2, 7, 3, 6, 4, 5], 4, 2)).AsSpan<float>().ToArray().ShouldBe([0f, 8, 0, 7, 3, 0, 4, 0]);
    }

    [Fact]
    public void Grouped_convolutions_have_no_pattern_but_may_lose_their_smallest_weights()
    {
        var weights = Tensor.Of<float>([1, 2, 3, 4], 1, 1, 2, 2);
        Middle("Conv", weights, ("group", 2L)).AsSpan<float>().ToArray().ShouldBe([1f, 2, 3, 4]);
        Middle("prune:sparsity=0.5", "Conv", weights, ("group", 2L)).AsSpan<float>().ToArray().ShouldBe([0f, 0, 3, 4]);
    }

    [Fact]
    public void The_first_and_the_last_layer_stay_unless_asked_for()
    {
        var network = Network(Three);
        Zeros(Apply("prune:sparsity=0.5", network)).ShouldBe([0, 2, 0]);
        Zeros(Apply("prune:sparsity=0.5,ends", network)).ShouldBe([2, 2, 2]);
        Zeros(Apply("prune:sparsity=0.5,ends,scope=network", network)).ShouldBe([4, 2, 0]);
        Zeros(network).ShouldBe([0, 0, 0]);
    }

    [Fact]
    public void Weights_that_two_nodes_share_are_pruned_for_the_pruned_node_only()
    {
        var network = Network(Three);
        var nodes = network.Nodes.Select(node => new Node { Name = node.Name, OpType = node.OpType, Inputs = [node.Inputs[0], "w1"], Outputs = node.Outputs }).ToArray();
        var pruned = Apply("prune:sparsity=0.5", network with { Nodes = nodes, Constants = network.Constants.Where(constant => constant.Key == "w1").ToDictionary() });
        Zeros(pruned).ShouldBe([0, 2, 0]);
        pruned.Constants.Count.ShouldBe(2);
    }

    [Fact]
    public void Weights_that_nobody_reads_any_more_go() => Apply("prune", Network(Three)).Constants.Keys.ShouldBe(["w0", "w2", "layer1.weight.pruned"], ignoreOrder: true);

    [Fact]
    public void A_pattern_and_a_sparsity_contradict_each_other()
        => Should.Throw<UserErrorException>(() => Recipe.Parse("prune:pattern=2:4,sparsity=0.7")).Message.ShouldContain("leave out one of them");

    [Theory]
    [InlineData("prune:sparsity=1.1")]
    [InlineData("prune:pattern=1:4")]
    public void Options_out_of_range_are_refused(string recipe) => Should.Throw<UserErrorException>(() => Recipe.Parse(recipe));

    private static Tensor[] Three => [Tensor.Of<float>([1, 2, 3, 4], 2, 2), Tensor.Of<float>([8, 7, 6, 5], 2, 2), Tensor.Of<float>([12, 11, 10, 9], 2, 2)];

    private static float[][] Parse(string text) => [.. text.Split('|').Select(tensor => tensor.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(float.Parse).ToArray())];

    private static Network Apply(string recipe, Network network) => ((INetworkPass)Recipe.Parse(recipe).Steps[0].Component).Apply(network);

    private static int[] Zeros(Network network) => [.. network.Nodes.Select(node => network.Constants[node.Inputs[1]].AsSpan<float>().Count(0f))];

    private static Tensor Middle(string opType, Tensor weights, params (string Name, AttributeValue Value)[] attributes) => Middle("prune:pattern=2:4", opType, weights, attributes);

    private static Tensor Middle(string recipe, string opType, Tensor weights, params (string Name, AttributeValue Value)[] attributes)
    {
        var network = Network([Three[0], weights, Three[2]]);
        var middle = new Node
        {
            Name = "layer1",
            OpType = opType,
            Inputs = network.Nodes[1].Inputs,
            Outputs = network.Nodes[1].Outputs,
            Attributes = attributes.ToDictionary(attribute => attribute.Name, attribute => attribute.Value),
        };
        network = Apply(recipe, network with { Nodes = [network.Nodes[0], middle, network.Nodes[2]] });
        return network.Constants[network.Nodes[1].Inputs[1]];
    }

    private static Network Network(Tensor[] weights) => new()
    {
        Name = "layers",
        Inputs = [new NetworkValue("x0", ElementType.Float32, [new Dimension(1), new Dimension(2)])],
        Outputs = [new NetworkValue($"x{weights.Length}", ElementType.Float32, [new Dimension(1), new Dimension(2)])],
        Nodes = [.. weights.Select((_, i) => new Node { Name = $"layer{i}", OpType = "MatMul", Inputs = [$"x{i}", $"w{i}"], Outputs = [$"x{i + 1}"] })],
        Constants = weights.Select((tensor, i) => (Name: $"w{i}", Tensor: tensor)).ToDictionary(weight => weight.Name, weight => weight.Tensor),
        Opsets = new Dictionary<string, long> { [""] = 17 },
    };
}
