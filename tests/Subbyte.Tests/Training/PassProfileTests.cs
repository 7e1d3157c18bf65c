using Subbyte.Networks;
using Subbyte.Training;

namespace Subbyte.Tests.Training;

public sealed class PassProfileTests
{
    [Fact]
    public void AProfileNamesTheOperatorsOfAStepAndTheirParts()
    {
        var network = BuiltInNetworks.Create("lenet5", [1, 28, 28], 10, Preprocessing.Identity, new BuiltInNetworkOptions());
        var graph = new TrainingGraph(network, 20, 0, new WorkerTeam(2)) { Profile = new PassProfile(2) };
        graph.ComputeGradients(ArraySamples.Random(1, 20, 10, 1, 28, 28), [.. Enumerable.Range(0, 20)]);
        graph.Profile.EndStep();
        var parts = graph.Profile.Parts.ToArray();
        parts.ShouldAllBe(part => part.Milliseconds >= 0);
        parts.Sum(part => part.Milliseconds).ShouldBeGreaterThan(0);
        parts.Select(part => (part.Operator, part.Part)).ShouldBeUnique();
        foreach (var part in new[] { "Prepare", "Forward", "Backward", "FinishGradient" }) parts.ShouldContain(time => time.Operator == "conv2" && time.Part == part);
        parts.ShouldContain(time => time.Operator.Length == 0 && time.Part == "ComputeLoss");
    }
}
