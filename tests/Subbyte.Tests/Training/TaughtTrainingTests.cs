using Subbyte.Networks;
using Subbyte.Training;

namespace Subbyte.Tests.Training;

/// <summary>Knowledge distillation: value and gradient against double precision, and what a student takes from its teacher.</summary>
public sealed class TaughtTrainingTests
{
    private const int Samples = 11;
    private const float Temperature = 3;
    private const float Weight = 0.7f;

    [Theory]
    [InlineData(0)]
    [InlineData(0.1f)]
    public void LossAndGradientsAreThoseOfDoublePrecision(float smoothing)
    {
        const double Step = 1e-5;
        var (student, teacher) = (new TinyNetwork(1, 5).Linear(4, 5).Linear(3, 4).Build(), new TinyNetwork(2, 5).Linear(9, 5).Apply("Relu").Linear(3, 9).Build());
        var data = ArraySamples.Random(7, Samples, 3, 5);
        var graph = new TrainingGraph(student, Samples, smoothing, new WorkerTeam(2));
        graph.Learn(new Distillation(teacher) { Temperature = Temperature, Weight = Weight });
        var loss = graph.ComputeGradients(data, [.. Enumerable.Range(0, Samples)]).Loss / Samples;
        var (reference, inputs) = (new DoubleNetwork(student), Inputs(data));
        var taught = new DoubleNetwork(teacher).Logits(inputs, Samples);
        loss.ShouldBe(Loss(), 1e-5);
        foreach (var parameter in graph.Parameters)
        {
            var values = reference.Constant(parameter.Name);
            for (var i = 0; i < values.Length; i++)
            {
                var value = values[i];
                values[i] = value + Step;
                var above = Loss();
                values[i] = value - Step;
                var below = Loss();
                values[i] = value;
                ((double)parameter.Gradient[i]).ShouldBe((above - below) / (2 * Step), 2e-5, $"{parameter.Name}[{i}]");
            }
        }

        double Loss() => ((1 - Weight) * reference.Loss(inputs, [.. data.Labels], smoothing)) + (Weight * Temperature * Temperature * Divergence(taught, reference.Logits(inputs, Samples)));
    }

    [Fact]
    public void AStudentFollowsItsTeacherWhereLabelsSayNothing()
    {
        var data = ArraySamples.Quarters(1, 200);
        var teacher = Trainer.Train(Perceptron(24), data, new TrainingOptions { Epochs = 15, BatchSize = 20, Optimizer = new AdamOptions { LearningRate = 0.01f } }).Network;
        var noise = new LabeledSamples(data.Samples, [.. ArraySamples.Random(3, 200, 4, 1).Labels]);
        var options = new TrainingOptions { Epochs = 15, BatchSize = 20, Optimizer = new AdamOptions { LearningRate = 0.01f }, Distillation = new Distillation(teacher) { Weight = 1, Temperature = 2 } };
        Accuracy(Trainer.Train(Perceptron(8), noise, options).Network).ShouldBeGreaterThan(0.95);
        Accuracy(Trainer.Train(Perceptron(8), noise, options with { Distillation = null }).Network).ShouldBeLessThan(0.7);

        double Accuracy(Network network) => (double)new TrainingGraph(network, 200, 0, new WorkerTeam(1)).Evaluate(data, [.. Enumerable.Range(0, 200)]).Correct / 200;
    }

    [Fact]
    public void ATeacherOfOtherClassesIsRefused()
    {
        var graph = new TrainingGraph(new TinyNetwork(1, 5).Linear(3, 5).Build(), Samples, 0, new WorkerTeam(1));
        Should.Throw<UserErrorException>(() => graph.Learn(new Distillation(new TinyNetwork(1, 5).Linear(4, 5).Build()))).Message.ShouldContain("teacher");
        Should.Throw<UserErrorException>(() => graph.Learn(new Distillation(new TinyNetwork(1, 6).Linear(3, 6).Build()))).Message.ShouldContain("teacher");
    }

    private static Network Perceptron(int hidden)
        => BuiltInNetworks.Create("mlp", [1, 8, 8], 4, Preprocessing.Identity, new BuiltInNetworkOptions { Hidden = [hidden] });

    /// <summary>The mean of KL(softmax(teacher / T) ‖ softmax(student / T)).</summary>
    private static double Divergence(double[] teacher, double[] student)
    {
        var classes = teacher.Length / Samples;
        double sum = 0;
        for (var sample = 0; sample < Samples; sample++)
        {
            var (p, q) = (Softmax(teacher.AsSpan(sample * classes, classes)), Softmax(student.AsSpan(sample * classes, classes)));
            sum += p.Zip(q, (a, b) => a * Math.Log(a / b)).Sum();
        }

        return sum / Samples;
    }

    private static double[] Softmax(ReadOnlySpan<double> logits)
    {
        double[] shares = [.. logits.ToArray().Select(logit => Math.Exp(logit / Temperature))];
        return [.. shares.Select(share => share / shares.Sum())];
    }

    private static double[] Inputs(LabeledSamples data)
    {
        var sample = new float[5];
        return [.. Enumerable.Range(0, data.Count).SelectMany(i =>
        {
            data.Samples.Read(i, sample);
            return sample.Select(value => (double)value).ToArray();
        })];
    }
}
