using Subbyte.Training;

namespace Subbyte.Tests.Training;

public sealed class ScheduleTests
{
    [Fact]
    public void TheCosineFallsFromThePeakToItsEnd()
    {
        var schedule = new CosineSchedule(0.1);
        schedule.FactorAt(0, 10, 4).ShouldBe(1);
        schedule.FactorAt(20, 10, 4).ShouldBe(0.55, 1e-12);
        schedule.FactorAt(40, 10, 4).ShouldBe(0.1, 1e-12);
        Enumerable.Range(0, 40).ShouldAllBe(step => schedule.FactorAt(step + 1, 10, 4) < schedule.FactorAt(step, 10, 4));
    }

    [Fact]
    public void WarmUpGrowsLinearlyAndTheCosineBeginsAfterIt()
    {
        var schedule = new CosineSchedule { WarmUpEpochs = 0.5 };
        for (var step = 0; step < 5; step++)
            schedule.FactorAt(step, 10, 4).ShouldBe((step + 1) / 6.0, 1e-12);
        schedule.FactorAt(5, 10, 4).ShouldBe(1);
        schedule.FactorAt(40, 10, 4).ShouldBe(0, 1e-12);
    }

    [Fact]
    public void StepsMultiplyAtTheirMilestones()
    {
        var schedule = new StepSchedule([2, 3.5], 0.1);
        schedule.FactorAt(19, 10, 5).ShouldBe(1);
        schedule.FactorAt(20, 10, 5).ShouldBe(0.1, 1e-12);
        schedule.FactorAt(34, 10, 5).ShouldBe(0.1, 1e-12);
        schedule.FactorAt(35, 10, 5).ShouldBe(0.01, 1e-12);
    }

    [Fact]
    public void AConstantStaysAtThePeak() => new ConstantSchedule().FactorAt(17, 10, 5).ShouldBe(1);
}
