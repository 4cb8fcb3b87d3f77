using Harmony.Core.Configuration;
using Harmony.Core.Envelope;
using Harmony.Core.Modules;
using Harmony.Data.Middleware.Transform;
using Microsoft.Extensions.Logging.Abstractions;

namespace Harmony.Benchmarks.Transforms;

/// <summary>The body of a request, a kilobyte, through the <c>transform</c> middleware: parsed, transformed, written. The envelope form, without context.</summary>
internal sealed class TransformScenario : IScenario
{
    private TransformMiddleware? _middleware;

    public string Name => "transform/patient";

    public ValueTask SetupAsync()
    {
        var folder = Directory.CreateTempSubdirectory("harmony-bench-");
        try
        {
            File.WriteAllText(Path.Combine(folder.FullName, "config.toml"), "[proxy]\nname = \"bench\"\nprimary_provider = \"local\"");
            File.WriteAllText(Path.Combine(folder.FullName, "spec.json"), Patients.Spec);
            var problems = new ConfigProblems();
            var config = new ConfigLoader(problems, _ => null).Load(Path.Combine(folder.FullName, "config.toml"));
            var context = new MiddlewareContext
            {
                Name = "bench",
                Location = SourceLocation.None,
                File = config.MainFile,
                Problems = problems,
                Environment = new BuildEnvironment(config, NullLoggerFactory.Instance, TimeProvider.System),
            };
            _middleware = TransformMiddleware.Create(new TransformOptions { SpecPath = "spec.json" }, context);
            return problems.HasErrors ? throw new InvalidOperationException(string.Join('\n', problems)) : ValueTask.CompletedTask;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    public async ValueTask OperationAsync()
    {
        var fields = new HeaderFields(1);
        fields.Add("content-type", "application/json");
        var request = new RequestEnvelope
        {
            Protocol = "http", Method = "POST", Path = "/", RequestId = "bench", Headers = fields, Body = Body.FromBytes(Patients.Document),
        };
        await _middleware!.OnRequestAsync(request, CancellationToken.None);
        if (request.Body.BufferedBytes.Length < 1000) throw new InvalidOperationException("the document was not transformed");
    }
}
