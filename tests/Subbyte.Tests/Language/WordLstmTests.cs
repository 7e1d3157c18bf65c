using System.Text.Json;
using Subbyte.Calibration;
using Subbyte.Data;
using Subbyte.Experiments;
using Subbyte.Methods;

namespace Subbyte.Tests.Language;

/// <summary>The trained word LSTM on WikiText-2 gives the values that another program measured in double precision.</summary>
public sealed class WordLstmTests
{
    [SkippableFact]
    public void First_steps_are_those_of_the_reference()
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(SharedData.Require("models/wikitext2-lstm-reference.json")));
        var root = document.RootElement;
        var steps = root.GetProperty("ten_streams_first_steps").GetInt32();
        var outcome = Open(steps).Run(Recipe.Float);
        outcome.Result.Samples.ShouldBe(root.GetProperty("predictions").GetInt32());
        outcome.Run.Tokens!.Losses.Average().ShouldBe(root.GetProperty("mean_nll").GetDouble(), 1e-6);
        outcome.Result.Value.ShouldBe(root.GetProperty("perplexity").GetDouble(), 1e-3);
        var step = 0;
        foreach (var values in root.GetProperty("steps").EnumerateArray())
        {
            var sample = 10 * step++;
            outcome.Run.Tokens.Losses[sample].ShouldBe(values[2].GetDouble(), 1e-5, $"step {step}");
            ((double)outcome.Run.Output(sample)[0]).ShouldBe(values[3].GetDouble(), 1e-5, $"step {step}");
            outcome.Run.Prediction(sample).ShouldBe(values[4].GetInt32(), $"step {step}");
        }
    }

    [SkippableFact]
    [Trait("Speed", "Slow")]
    public void Perplexity_on_the_whole_text_is_the_one_that_is_known()
    {
        var result = Open(null).Run(Recipe.Float).Result;
        result.Samples.ShouldBe(217_630);
        result.Value.ShouldBe(110.79, 0.05);
    }

    [SkippableFact]
    [Trait("Speed", "Slow")]
    public void Fewer_bits_cost_perplexity()
    {
        var workbench = Open(400);
        var (int8, int4) = (Value("int8:layers=*"), Value("uniform:w=4,a=4,layers=*"));
        int8.ShouldBe(105.12, 0.6);
        int4.ShouldBeGreaterThan(int8 + 1);

        double Value(string recipe) => workbench.Run(Recipe.Parse(recipe)).Result.Value;
    }

    /// <summary>Perplexities of the first 150 words of each stream that an independent program measured, Term Revealing on groups of eight with three terms of data.</summary>
    [SkippableTheory]
    [Trait("Speed", "Slow")]
    [InlineData("fp32", 111.25)]
    [InlineData("int8:layers=*", 111.25)]
    [InlineData("tr:group=8,budget=8,layers=*", 112.51)]
    [InlineData("tr:group=8,budget=12,layers=*", 111.13)]
    [InlineData("tr:group=8,budget=16,layers=*", 111.08)]
    [InlineData("tr:group=8,budget=24,layers=*", 111.17)]
    public void Term_Revealing_costs_what_another_program_measured(string recipe, double perplexity)
        => Open(150).Run(Recipe.Parse(recipe)).Result.Value.ShouldBe(perplexity, 0.05);

    private static Workbench Open(int? steps)
    {
        var text = "wikitext:" + SharedData.Require("wikitext-2");
        var model = SharedData.Require("models/wikitext2-lstm-2x160.npz");
        return new Workbench(EvaluationTask.Load(model, null, DataSpec.Open(text + "#valid", null, model), DataSpec.Open(text + "#test", null, model), Calibrator.DefaultSamples), new EvaluationOptions { Limit = steps });
    }
}
