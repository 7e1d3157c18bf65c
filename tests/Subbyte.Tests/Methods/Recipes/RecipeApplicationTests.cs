using Subbyte.Calibration;
using Subbyte.Methods;
using Subbyte.Networks;
using Subbyte.Networks.Execution;
using Subbyte.Tests.Networks;

namespace Subbyte.Tests.Methods.Recipes;

/// <summary>Which layers a recipe treats how, and what its passes are worth.</summary>
public sealed class RecipeApplicationTests
{
    [Fact]
    public void A_recipe_leaves_the_ends_to_the_method_unless_it_says_otherwise()
    {
        Treatment("int8").ShouldBe("int8 int8 int8 int8");
        Treatment("int4").ShouldBe("int8 int4 int4 int8", "first and last at uniform eight bits");
        Treatment("int4 + ends:keep=float").ShouldBe("fp32 int4 int4 fp32");
        Treatment("int4 + ends:keep=same").ShouldBe("int4 int4 int4 int4");
        Treatment("int8 + ends:keep=float").ShouldBe("fp32 int8 int8 fp32");
        Treatment("int4:layers=*").ShouldBe("int4 int4 int4 int4", "a step that names its layers means them");
    }

    [Fact]
    public void Globs_choose_layers()
    {
        Treatment("int8:layers=Conv*").ShouldBe("int8 int8 int8 fp32");
        Treatment("int8:layers=Conv0|Gemm?").ShouldBe("int8 fp32 fp32 int8");
        Treatment("int8:except=Conv2").ShouldBe("int8 fp32 int8 int8");
        Treatment("int8:layers=Conv*,except=*4").ShouldBe("int8 int8 fp32 fp32");
        Treatment("int4:layers=Conv2 + int8:except=Conv2").ShouldBe("int8 int4 int8 int8");
        Should.Throw<UserErrorException>(() => Treatment("int8:layers=conv0")).Message.ShouldContain("Conv0", customMessage: "names are exact");
    }

    [Fact]
    public void A_slot_that_is_filled_twice_names_both_methods_and_the_way_out()
    {
        foreach (var (recipe, first, second) in new[] { ("int8 + log", "int8", "log"), ("tr + sparq", "tr", "sparq"), ("uniform:operands=weights + int4", "uniform", "int4") })
        {
            var message = Should.Throw<UserErrorException>(() => Treatment(recipe)).Message;
            message.ShouldSatisfyAllConditions(text => text.ShouldContain(first), text => text.ShouldContain(second), text => text.ShouldContain("layers="), text => text.ShouldContain("layer '"));
        }

        Treatment("int4:operands=weights,layers=* + log:operands=activations,layers=*").ShouldBe("int4 int4 int4 int4", "slots of two methods meet");
    }

    [Fact]
    public void Codes_that_a_datapath_cannot_take_are_refused_with_both_names()
    {
        var message = Should.Throw<UserErrorException>(() => Treatment("fxp:bits=12,operands=activations,layers=Conv2 + sparq:layers=Conv2")).Message;
        message.ShouldSatisfyAllConditions(text => text.ShouldContain("fxp"), text => text.ShouldContain("sparq"));
    }

    [Fact]
    public void Batch_norms_are_folded_unless_the_recipe_keeps_them()
    {
        var (network, samples) = Draw(seed: Enumerable.Range(0, 20).First(seed => Draw(seed).Network.Nodes.Any(node => node.OpType == "BatchNormalization")));
        network.Nodes.ShouldContain(node => node.OpType == "BatchNormalization");
        bool Normalizes(string recipe) => Recipe.Parse(recipe).Apply(network, new Calibrator(samples)).Network.Nodes.Count(node => node.OpType == "BatchNormalization") == network.Nodes.Count(node => node.OpType == "BatchNormalization");
        Normalizes("int8").ShouldBeFalse();
        Normalizes("batch-norm + int8").ShouldBeTrue();
        Normalizes("batch-norm:keep=false + int8").ShouldBeFalse();
    }

    [Fact]
    public void Samples_are_asked_for_where_they_are_needed()
    {
        var (network, _) = Draw(seed: 1);
        Should.Throw<UserErrorException>(() => Recipe.Parse("int8").Apply(network, null)).Message.ShouldContain("--calibrate");
        Recipe.Float.Apply(network, null).Layers.ShouldBeEmpty();
        Recipe.Parse("prune").Apply(network, null).Layers.ShouldBeEmpty();
    }

    [Fact]
    public void Applying_a_recipe_can_be_cancelled()
    {
        var (network, samples) = Draw(seed: 1);
        Should.Throw<OperationCanceledException>(() => Recipe.Parse("int8").Apply(network, new Calibrator(samples), new CancellationToken(canceled: true)));
    }

    [Fact]
    public void Output_correction_brings_outputs_closer_to_the_float_network()
    {
        var (worse, networks) = (0, 12);
        for (var seed = 0; seed < networks; seed++)
        {
            var (network, samples) = Draw(seed);
            double Error(string recipe) => Difference(network, samples, Recipe.Parse(recipe));
            if (Error("uniform:w=3,a=8,layers=* + output-correction:mode=affine") >= Error("uniform:w=3,a=8,layers=*")) worse++;
        }

        worse.ShouldBeLessThanOrEqualTo(networks / 6);
    }

    /// <summary>The methods of the four layers Conv0, Conv2, Conv4 and Gemm7.</summary>
    private static string Treatment(string recipe)
    {
        var random = new Random(1);
        var graph = new GraphBuilder(4, 6, 6);
        var value = GraphBuilder.Input;
        for (var i = 0; i < 3; i++) value = graph.Add("Relu", [graph.Add("Conv", [value, graph.Constant(random.Gaussians(16), 4, 4, 1, 1)])]);
        var network = graph.Build(graph.Add("Gemm", [graph.Add("Flatten", [value]), graph.Constant(random.Gaussians(144 * 3), 144, 3)]));
        var lowBit = Recipe.Parse(recipe).Apply(network, new Calibrator(RandomNetwork.Samples(network, random, 4)));
        return string.Join(' ', ExecutionPlan.Compile(lowBit).DotProducts.Select(layer => layer.Lowered?.Method ?? "fp32"));
    }

    private static (Network Network, MemorySamples Samples) Draw(int seed)
    {
        var random = new Random(seed);
        var network = RandomNetwork.Draw(random);
        return (network, RandomNetwork.Samples(network, random, 32));
    }

    private static double Difference(Network network, MemorySamples samples, Recipe recipe)
    {
        var frames = new[] { Recipe.Float.Apply(network, null), recipe.Apply(network, new Calibrator(samples)) }.Select(applied => new ExecutionFrame(ExecutionPlan.Compile(applied))).ToArray();
        double sum = 0;
        for (var sample = 0; sample < samples.Count; sample++)
        {
            foreach (var frame in frames)
            {
                samples.Read(sample, frame.Input.AsSpan<float>());
                frame.Run();
            }

            foreach (var (exact, actual) in frames[0].Results[0].AsSpan<float>().ToArray().Zip(frames[1].Results[0].AsSpan<float>().ToArray())) sum += Math.Pow((double)exact - actual, 2);
        }

        return sum;
    }
}
