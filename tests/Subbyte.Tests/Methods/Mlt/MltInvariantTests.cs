using Subbyte.Kernels;
using Subbyte.Methods;
using Subbyte.Methods.Mlt;
using Subbyte.Methods.Training;
using Subbyte.Networks;
using Subbyte.Networks.Execution;
using Subbyte.Tests.Training;
using Subbyte.Training;

namespace Subbyte.Tests.Methods.Mlt;

/// <summary>Invariants of section 5, the surrogate gradients of section 3.3, and the pruning of section 3.4.</summary>
public sealed class MltInvariantTests
{
    [Fact]
    public void More_levels_never_have_a_larger_error_and_codes_are_odd()
    {
        for (ulong seed = 0; seed < 200; seed++)
        {
            var row = Gaussian(40, seed);
            var errors = Enumerable.Range(1, 4).Select(levels => Error(row, TernaryFit.Fit(row, [], levels))).ToArray();
            errors.ShouldBe(errors.OrderDescending(), 1e-12);
            var codebook = TernaryFit.Fit(row, [], 3);
            var (trits, negated) = (new sbyte[3], new sbyte[3]);
            foreach (var x in row)
            {
                codebook.EncodeGreedily(x, trits);
                codebook.EncodeGreedily(-x, negated);
                negated.ShouldBe(trits.Select(trit => (sbyte)-trit));
                codebook.Encode(x, trits);
                codebook.EncodeGreedily(x, negated);
                codebook.Value(trits).ShouldBe(codebook.Value(negated), 1e-5 * codebook.Scales[0]);
            }
        }
    }

    [Fact]
    public void Gradients_of_trained_scales_are_finite_differences_with_the_digits_held()
    {
        var options = new MltOptions { WeightLevels = 2 };
        var quantizer = new MltWeights("mlt", 2, 30, options);
        var (values, parameters) = Started(quantizer, 60);
        var gradient = Gaussian(60, 9);
        var (toValues, toParameters) = Backward(quantizer, values, parameters, gradient);
        for (var i = 0; i < 4; i++)
        {
            // A small change of a scale changes no digit of these values.
            const float step = 1e-4f;
            var balance = Math.Sqrt(30 * (Math.Pow(3, 2) - 1) / 2);
            var derivative = (Loss(i, step) - Loss(i, -step)) / (2 * step);
            (toParameters[0][i] * balance).ShouldBe(derivative, 0.02 * Math.Max(1, Math.Abs(derivative)));
        }

        toValues.Where((g, i) => g != 0 && g != gradient[i]).ShouldBeEmpty("the identity inside the window, nothing outside");

        double Loss(int parameter, float step)
        {
            var moved = (float[])parameters[0].Clone();
            moved[parameter] += step;
            var quantized = new float[60];
            quantizer.Forward(values, [moved, parameters[1], parameters[2]], quantized);
            return quantized.Zip(gradient, (x, g) => (double)x * g).Sum();
        }
    }

    [Fact]
    public void Activations_compute_what_the_codebook_says()
    {
        var quantizer = new MltActivations("mlt", 3);
        var values = Gaussian(500, 4);
        float[][] parameters = [new float[3]];
        quantizer.Initialize(values, parameters, new SeededRandom(0));
        var quantized = new float[500];
        quantizer.Forward(values, parameters, quantized);
        var codebook = TernaryCodebook.Nearest(MltLevels.Scales(parameters[0], areShort: true));
        var trits = new sbyte[3];
        for (var i = 0; i < values.Length; i++)
        {
            codebook.EncodeGreedily(values[i], trits);
            quantized[i].ShouldBe((float)codebook.Value(trits), 1e-6f);
        }
    }

    [Fact]
    public void Pruned_weights_stay_zero_and_take_no_part()
    {
        var quantizer = new MltWeights("mlt", 1, 100, new MltOptions { Thresholds = MltThresholds.Twn });
        var (values, parameters) = Started(quantizer, 100);
        quantizer.Turn(PruningPlan.Sparsity, 0.7, values, parameters);
        values.Count(value => value == 0).ShouldBe(70);
        var unmasked = values.Where(value => value != 0).ToArray();
        for (var i = 0; i < values.Length; i++) values[i] += 0.01f;
        quantizer.BeginStep(values, parameters);
        values.Count(value => value == 0).ShouldBe(70, "an optimizer's step revives nothing");
        quantizer.Codes(values, parameters).Planes.ShouldAllBe(plane => plane.Codes.Count(code => code == 0) >= 70);
        TernaryFit.Fit(values, parameters[1], 1).Thresholds[0].ShouldBe(0.7 * unmasked.Average(value => Math.Abs(value + 0.01f)), 1e-6, "means run over what is left");
        Backward(quantizer, values, parameters, Gaussian(100, 3)).Values.Count(g => g == 0).ShouldBeGreaterThanOrEqualTo(70);
    }

    [Fact]
    public void One_threshold_for_the_network_takes_more_from_layers_of_small_weights()
    {
        var builder = new NetworkBuilder("two", [1, 8, 8], seed: 1);
        var x = builder.Unit("1", builder.Input, 4, kernel: 3);
        x = builder.Unit("2", x, 6, kernel: 3);
        x = builder.Unit("3", builder.MaxPool("max", x, 2), 16, kernel: 3);
        var network = builder.Build(builder.Linear("fc", builder.Flatten("flatten", x), 4), Preprocessing.Identity);
        double[] Zeros(string scope)
        {
            var methods = new TrainingMethods(Recipe.Parse($"mlt:w=2,stages=0.7,tolerance=100,step-epochs=1,scope={scope}").Steps.Select(step => step.Component));
            var options = new TrainingOptions { Epochs = 1, BatchSize = 32, Optimizer = new SgdOptions { LearningRate = 0.01f }, Threads = 1, Methods = methods };
            var trained = Trainer.Train(network, ArraySamples.Quarters(1, 64), options).Network;
            return [.. ExecutionPlan.Compile(trained).DotProducts.Skip(1).SkipLast(1).Select(layer => layer.Weights.ToArray().Average(weight => weight == 0 ? 1.0 : 0))];
        }

        Zeros("layer").ShouldAllBe(share => share >= 0.69);
        var (second, third) = (Zeros("network")[0], Zeros("network")[1]);
        third.ShouldBeGreaterThan(second + 0.05, "the third layer's weights are smaller: its filters are longer");
        ((second * 4 * 9 * 6) + (third * 6 * 9 * 16)).ShouldBeGreaterThanOrEqualTo(0.69 * ((4 * 9 * 6) + (6 * 9 * 16)));
    }

    [Fact]
    public void Pruning_follows_the_schedule_while_the_accuracy_holds()
    {
        var plan = new PruningPlan(new MltOptions { Sparsity = 0.9, Steps = 3 });
        var phases = Run(plan, _ => 0.97);
        phases.Select(phase => phase.Name).ShouldBe(["train", "sparsity 0.633", "sparsity 0.867", "sparsity 0.9"]);
        phases.Skip(1).Select(phase => phase.Knobs[PruningPlan.Sparsity]).ShouldBe([0.9 * (1 - Math.Pow(2.0 / 3, 3)), 0.9 * (1 - Math.Pow(1.0 / 3, 3)), 0.9], 1e-12);
        phases.Skip(1).Select(phase => phase.StartFrom).ShouldBe([0, 1, 2]);
    }

    [Fact]
    public void A_step_that_loses_too_much_is_taken_back_and_halved_at_most_four_times()
    {
        var plan = new PruningPlan(new MltOptions { Stages = "0.5/0.9", Tolerance = 0.5 });
        var phases = Run(plan, phase => phase.Knobs.GetValueOrDefault(PruningPlan.Sparsity) > 0.65 ? 0.90 : 0.97, out var outcomes);
        phases.Skip(1).Select(phase => Math.Round(phase.Knobs[PruningPlan.Sparsity], 4)).ShouldBe([0.5, 0.9, 0.7, 0.6, 0.7, 0.65, 0.7, 0.675]);
        plan.Result(outcomes).ShouldBe(6, "the last good one, 0.65");
        phases[3].StartFrom.ShouldBe(1);
    }

    [Fact]
    public void Digits_are_pruned_after_words()
    {
        var phases = Run(new PruningPlan(new MltOptions { Stages = "0.5", PruneDigits = true }), phase => phase.Knobs.GetValueOrDefault(PruningPlan.LastThreshold) > 0.75 ? 0.5 : 0.97);
        phases.Skip(2).Take(3).Select(phase => phase.Knobs[PruningPlan.LastThreshold]).ShouldBe([0.6, 0.7, 0.8], 1e-9);
        phases.Count.ShouldBeLessThan(14);
    }

    [Fact]
    public void Stages_out_of_order_are_refused()
        => Should.Throw<UserErrorException>(() => new PruningPlan(new MltOptions { Stages = "0.9/0.5" })).Message.ShouldContain("ascending");

    private static List<TrainingPhase> Run(PruningPlan plan, Func<TrainingPhase, double> accuracy) => Run(plan, accuracy, out _);

    private static List<TrainingPhase> Run(PruningPlan plan, Func<TrainingPhase, double> accuracy, out List<PhaseOutcome> outcomes)
    {
        outcomes = [];
        while (plan.Next(5, outcomes) is { } phase && outcomes.Count < 50) outcomes.Add(new PhaseOutcome(phase, accuracy(phase), 0));
        return [.. outcomes.Select(outcome => outcome.Phase)];
    }

    private static (float[] Values, float[][] Parameters) Started(ITrainableWeights quantizer, int count)
    {
        var values = Gaussian(count, 1);
        float[][] parameters = [.. quantizer.Parameters.Select(parameter => new float[parameter.Length])];
        quantizer.Initialize(values, parameters, new SeededRandom(0));
        return (values, parameters);
    }

    private static (float[] Values, float[][] Parameters) Backward(ITrainableWeights quantizer, float[] values, float[][] parameters, float[] gradient)
    {
        var toValues = new float[values.Length];
        float[][] toParameters = [.. parameters.Select(parameter => new float[parameter.Length])];
        quantizer.Backward(values, parameters, gradient, toValues, toParameters);
        return (toValues, toParameters);
    }

    private static double Error(float[] row, TernaryCodebook codebook)
    {
        var trits = new sbyte[codebook.Scales.Length];
        return row.Average(x => Math.Pow(x - codebook.Encode(x, trits), 2));
    }

    private static float[] Gaussian(int count, ulong seed)
    {
        var random = new SeededRandom(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (float)random.NextGaussian())];
    }
}
