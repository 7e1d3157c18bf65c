using System.Text.Json.Nodes;
using Subbyte.Tests.Kernels;

namespace Subbyte.Tests.Cli;

/// <summary>The verbs <c>check</c> and <c>verify</c> on a command line.</summary>
[Collection(InstructionSetCollection.Name)]
public sealed class VerifyTests : IDisposable
{
    private readonly CommandFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Verify_runs_a_network_on_every_instruction_set()
    {
        var json = JsonNode.Parse((await CommandRun.Of("verify", _folder.Model, "--limit", "4", "--threads", "2", "--quiet", "--json", "-")).ShouldBeDone().Output)!;
        json["schema"]!.GetValue<string>().ShouldBe("subbyte.verify/1");
        json["failed"]!.GetValue<int>().ShouldBe(0);
        json["cases"]!.AsArray().Select(result => result!["name"]!.GetValue<string>()).ShouldContain("scalar, 2 threads");
    }

    [Fact]
    public async Task Verify_ends_with_1_when_a_case_fails_and_with_2_when_there_is_none()
    {
        (await CommandRun.Of("verify", "--test-data", _folder["nowhere"])).ShouldBeRefused("nowhere", "no such folder");
        (await CommandRun.Of("verify")).ShouldBeRefused("nothing to verify", "--test-data");
        (await CommandRun.Of("verify", _folder.Model, "--test-data", _folder["x"])).ShouldBeRefused("give one of");
        var folder = Directory.CreateDirectory(_folder["cases/test_broken"]).FullName;
        File.Copy(_folder.Model, Path.Combine(folder, "model.onnx"));
        var run = await CommandRun.Of("verify", "--test-data", _folder["cases"], "--quiet");
        run.ExitCode.ShouldBe(1);
        run.Output.ShouldContain("FAILED      test_broken");
        run.Output.ShouldContain("0 passed, 1 failed, 0 unsupported of 1 cases");
    }

    [Fact]
    public async Task Verify_packs_recipes_and_holds_them_to_their_emulation()
    {
        var json = JsonNode.Parse((await CommandRun.Of("verify", _folder.Model, "--packed", "--methods", "int4; mlt:w=2; nb-smt:threads=2; bit-split:w=3,a=4", "--quiet", "--json", "-")).ShouldBeDone().Output)!;
        json["cases"]!.AsArray().Select(each => each!["status"]!.GetValue<string>()).ShouldBe(["passed", "passed", "unsupported", "passed"]);
        var table = (await CommandRun.Of("verify", _folder.Model, "--packed", "--methods", "int8; nb-smt", "--quiet")).ShouldBeDone().Output;
        table.ShouldContain("same bits");
        table.ShouldContain("not packed nb-smt: layer");
        (await CommandRun.Of("verify", _folder.Model, "--methods", "int8")).ShouldBeRefused("--packed");
    }

    [Fact]
    public async Task Verify_holds_a_packed_network_to_itself()
    {
        (await CommandRun.Of("pack", _folder.Model, "--method", "int4", "--calibrate", _folder.Calibration, "--out", _folder["net.subbyte"], "--quiet")).ShouldBeDone();
        var json = JsonNode.Parse((await CommandRun.Of("verify", _folder["net.subbyte"], "--limit", "4", "--threads", "2", "--quiet", "--json", "-")).ShouldBeDone().Output)!;
        json["failed"]!.GetValue<int>().ShouldBe(0);
        json["cases"]!.AsArray().Select(result => result!["name"]!.GetValue<string>()).ShouldContain("scalar, 2 threads");
        (await CommandRun.Of("verify", _folder["net.subbyte"], "--packed", "--quiet")).ShouldBeRefused("packed already");
        (await CommandRun.Of("pack", _folder["net.subbyte"], "--data", _folder.Data, "--out", _folder["again.subbyte"], "--quiet")).ShouldBeRefused("packed already");
    }

    [Fact]
    public async Task Check_ends_with_1_when_a_recipe_cannot_be_applied()
    {
        (await CommandRun.Of("check", _folder.Model)).ShouldBeDone().Output.ShouldContain("every node can be executed");
        var run = await CommandRun.Of("check", _folder.Model, "--methods", "int8; nonsense");
        run.ExitCode.ShouldBe(1);
        run.Output.ShouldContain("int8: can be applied and exported");
        run.Output.ShouldContain("there is no method 'nonsense'");
    }
}
