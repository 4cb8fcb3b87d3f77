using Harmony.Core.Envelope;
using Harmony.Core.Faults;
using Harmony.Core.Modules;
using Harmony.Core.Pipeline;
using Harmony.Core.Runtime;
using Harmony.Http.Adapters.Http;

namespace Harmony.Gateway.Trying;

/// <summary>Writes down what each part of a pipeline does with a request that is tried, and stands in for those that are not to act.</summary>
/// <param name="trial">What is tried.</param>
/// <param name="model">The pipeline.</param>
/// <param name="report">Takes what is written down.</param>
/// <param name="log">What the modules log; null where that goes elsewhere.</param>
/// <param name="limit">The most bytes of a body that are looked at.</param>
internal sealed class WatchedPipeline(TrialRequest trial, PipelineModel model, TrialReport report, TrialLog? log, long limit) : IPipelineInterceptor
{
    private static readonly string[] SubjectClaims = ["sub", "user", "name"];

    private readonly Lock _lock = new();
    private bool _isIdentified;

    public async ValueTask<MiddlewareResult> OnRequestAsync(string name, IRequestMiddleware middleware, RequestEnvelope request, CancellationToken ct)
    {
        var step = Begin("middleware", name, model.Left.FirstOrDefault(s => s.Name == name)?.Type ?? "");
        var before = await MessageState.OfAsync(request, limit, ct);
        try
        {
            if (trial.Claims is not null && middleware is IAuthenticationStep) return Grant(step, trial.Claims, request);
            if (middleware.ActsOutside && !trial.Sends)
            {
                step.Said = "is left out, as it acts outside of the request; --send lets it";
                return MiddlewareResult.Continue;
            }

            var result = await middleware.OnRequestAsync(request, ct);
            step.Said = Words(result);
            return result;
        }
        catch (NothingSentException)
        {
            step.Said = "asks the backend before it decides; --send lets it";
            throw;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            step.Said = $"fails: {e.Message}";
            throw;
        }
        finally
        {
            End(step, before, await MessageState.OfAsync(request, limit, ct));
        }
    }

    public async ValueTask<ResponseEnvelope> SendAsync(string name, IBackend backend, RequestEnvelope request, CancellationToken ct)
    {
        var step = Begin("backend", name, model.Backends.FirstOrDefault(b => b.Name == name)?.Service ?? "");
        step.Changes = backend.Forecast(request);
        if (!trial.Sends)
        {
            step.Said = step.Changes.Count switch
            {
                0 => "would get it",
                1 => "would ask",
                _ => $"would ask one of ({model.Backends.FirstOrDefault(b => b.Name == name)?.Facts.LoadBalancing ?? "one after the other"})"
            };
            step.Log.AddRange(log?.Take() ?? []);
            throw new NothingSentException();
        }

        try
        {
            var response = await backend.SendAsync(request, ct);
            step.Said = $"answers {response.Status}" + (request.AskedTarget is { } target ? $" (target '{target}')" : "");
            return response;
        }
        catch (GatewayException e)
        {
            step.Said = $"fails: {e.Message}";
            throw;
        }
        finally
        {
            step.Log.AddRange(log?.Take() ?? []);
        }
    }

    public async ValueTask OnResponseAsync(string name, IResponseMiddleware middleware, ResponseEnvelope response, CancellationToken ct)
    {
        var step = Begin("middleware on the way back", name, model.Right.FirstOrDefault(s => s.Name == name)?.Type ?? "");
        var before = await MessageState.OfAsync(response, limit, ct);
        try
        {
            if (middleware.ActsOutside && !trial.Sends)
            {
                step.Said = "is left out, as it acts outside of the response; --send lets it";
                return;
            }

            await middleware.OnResponseAsync(response, ct);
            step.Said = "goes on";
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            step.Said = $"fails: {e.Message}";
            throw;
        }
        finally
        {
            End(step, before, await MessageState.OfAsync(response, limit, ct));
        }
    }

    /// <summary>Who sent the request is taken for granted: by the names that the middleware would give.</summary>
    private MiddlewareResult Grant(TrialStep step, IReadOnlyDictionary<string, string> claims, RequestEnvelope request)
    {
        step.Said = _isIdentified
            ? "is taken as passed (--as)"
            : $"is taken to have found {string.Join(", ", claims.Select(c => $"{c.Key}={c.Value}"))} (--as)";
        if (_isIdentified) return MiddlewareResult.Continue;
        _isIdentified = true;
        var method = step.Type switch { "jwt_auth" => "jwt", "basic_auth" => "basic", "oauth2_introspection" => "oauth2", _ => step.Type };
        var subject = SubjectClaims.Select(n => claims.GetValueOrDefault(n)).FirstOrDefault(v => v is not null) ?? "";
        request.Identify(new Identity(method, subject)
        {
            Claims = claims.ToDictionary(c => c.Key.Contains('.', StringComparison.Ordinal)
                ? c.Key
                : $"{method}.{c.Key}", c => c.Value, StringComparer.Ordinal),
        });
        return MiddlewareResult.Continue;
    }

    private TrialStep Begin(string part, string name, string type)
    {
        var step = new TrialStep(part, name, type);
        lock (_lock) report.Steps.Add(step);
        return step;
    }

    private void End(TrialStep step, MessageState before, MessageState after)
    {
        step.Changes = before.ChangesTo(after);
        step.BodyDiff = LineDiff.Of(before.Text, after.Text);
        step.Log.AddRange(log?.Take() ?? []);
    }

    private static string Words(in MiddlewareResult result)
    {
        if (result.IsContinue) return "goes on";
        if (result.Refusal is not { } refusal) return $"answers {result.Response!.Status} itself; the backend gets no request";
        return $"refuses with {FaultStatuses.Of(refusal)}: {refusal.Reason}" + (refusal.Rule is { } rule ? $" (rule '{rule}')" : "");
    }
}
