using System.Text.Json.Nodes;

namespace Subbyte.Tests.Cli;

/// <summary>What has to be the same whatever runs it: the results of a command without their timings.</summary>
internal static class ResultsOf
{
    public static async Task<string> Command(params string[] args)
    {
        var results = JsonNode.Parse((await CommandRun.Of([.. args, "--quiet", "--json", "-"])).ShouldBeDone().Output)!["results"]!.AsArray();
        foreach (var result in results)
        {
            result!.AsObject().Remove("seconds").ShouldBeTrue();
            result.AsObject().Remove("samplesPerSecond").ShouldBeTrue();
        }

        return results.ToJsonString();
    }
}
