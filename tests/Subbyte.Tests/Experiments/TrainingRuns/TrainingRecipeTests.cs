using Subbyte.Experiments.TrainingRuns;
using Subbyte.Tests.Data;
using Subbyte.Training;

namespace Subbyte.Tests.Experiments.TrainingRuns;

public sealed class TrainingRecipeTests : IDisposable
{
    private const string Good = """
        network: lenet5
        train: glyphs#train
        test: glyphs#test
        preprocess: order=as-is,scale=0.01
        epochs: 3
        """;

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> BuiltIn => [.. RecipeFiles.BuiltIn];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(BuiltIn))]
    public void EveryBuiltInRecipeIsReadAndNamesItsMethods(string name)
    {
        var recipe = TrainingRecipe.Find(name);
        recipe.Name.ShouldBe(name);
        recipe.Description.ShouldNotBeEmpty();
        recipe.Methods();
    }

    [Fact]
    public void NumbersReachTheOptions()
    {
        var recipe = Read(Good + """

            optimizer: adamw
            rate: 0.002
            beta2: 0.99
            decay: 0.05
            schedule: step
            milestones: [2, 5]
            factor: 0.2
            warm-up: 0.5
            batch: 32
            clip: 2.5
            label-smoothing: 0.1
            crop: 2
            flip: true
            seed: 9
            hidden: [7, 8]
            """);
        var options = recipe.Options;
        var adam = options.Optimizer.ShouldBeOfType<AdamOptions>();
        (adam.LearningRate, adam.Beta2, adam.WeightDecay, adam.DecoupledDecay).ShouldBe((0.002f, 0.99f, 0.05f, true));
        var schedule = options.Schedule.ShouldBeOfType<StepSchedule>();
        schedule.Milestones.ShouldBe([2.0, 5.0]);
        (schedule.Multiplier, schedule.WarmUpEpochs).ShouldBe((0.2f, 0.5));
        (options.BatchSize, options.Epochs, options.GradientClip, options.LabelSmoothing, options.Seed).ShouldBe((32, 3, 2.5f, 0.1f, 9UL));
        (options.Augmentation.Crop, options.Augmentation.Flip).ShouldBe((2, true));
        (recipe.Sizes.Seed, recipe.Sizes.Hidden.Count).ShouldBe((9UL, 2));
    }

    [Theory]
    [InlineData("epochz: 3", "recipe.yaml:6", "epochz")]
    [InlineData("rate: fast", "recipe.yaml:6", "finite number")]
    [InlineData("momentum: 1.5", "recipe.yaml:6", "0.9999")]
    [InlineData("optimizer: adam\nmomentum: 0.5", "recipe.yaml:7", "no meaning")]
    [InlineData("schedule: cosine\nmilestones: [1]", "recipe.yaml:7", "no meaning")]
    [InlineData("batch: 0", "recipe.yaml:6", "whole number")]
    [InlineData("flip: perhaps", "recipe.yaml:6", "true")]
    [InlineData("method: tr:budget=3", "recipe.yaml:6", "does not change a training")]
    [InlineData("method: nonsense", "recipe.yaml:6", "nonsense")]
    [InlineData("validate: tape:x", "recipe.yaml:6", "tape")]
    [InlineData("temperature: 3", "recipe.yaml:6", "teacher")]
    [InlineData("seed: -1", "recipe.yaml:6", "whole number")]
    public void ErrorsPointAtTheLine(string added, params string[] texts)
    {
        var message = Should.Throw<UserErrorException>(() => Read(Good + "\n" + added)).Message;
        foreach (var text in texts) message.ShouldContain(text);
    }

    [Theory]
    [InlineData("network: lenet5", "network: lenet6", "recipe.yaml:1")]
    [InlineData("train: glyphs#train", "train: glyphs#nowhere", "recipe.yaml:2")]
    [InlineData("preprocess: order=as-is,scale=0.01", "", "preprocess")]
    [InlineData("preprocess: order=as-is,scale=0.01", "preprocess: scale=0", "recipe.yaml:4")]
    [InlineData("epochs: 3", "", "epochs")]
    public void WhatIsMissingOrWrongIsNamed(string line, string instead, string text)
        => Should.Throw<UserErrorException>(() => Read(Good.Replace(line, instead, StringComparison.Ordinal))).Message.ShouldContain(text);

    private TrainingRecipe Read(string text) => TrainingRecipe.Find(_folder.Write("recipe.yaml", text));
}
