using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Running;
using Harmony.Benchmarks;
using Harmony.Benchmarks.Allocations;
using Harmony.Benchmarks.Fhir;
using Harmony.Benchmarks.Idle;
using Harmony.Benchmarks.Pixels;

if (args is ["--allocations", .. var names]) return await AllocationCheck.RunAsync(names, Console.Out);

if (args is ["--idle"]) return await IdleCheck.RunAsync(Console.Out);

if (args is ["--pixels"]) return await PixelTimes.RunAsync(Console.Out);

if (args is ["--fhir"]) return await FhirTimes.RunAsync(Console.Out);

if (args.Length == 0) Console.WriteLine("--allocations [NAME...] checks the allocation budgets; all other arguments are BenchmarkDotNet's, for example --filter '*'");
if (Scenarios.All.Count == 0)
{
    Console.WriteLine("There is no scenario yet; bench/README.md says how to add one.");
    return 0;
}

BenchmarkSwitcher.FromAssembly(typeof(ScenarioBenchmarks).Assembly).Run(args, DefaultConfig.Instance.WithArtifactsPath(Path.Combine("artifacts", "benchmarks")));
return 0;
