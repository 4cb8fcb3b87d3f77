using Harmony.Core.Modules;
using Harmony.Core.Pipeline;
using Microsoft.AspNetCore.Http;

namespace Harmony.Http.Adapters.Http;

/// <summary>Errors in the form of the endpoint's protocol, where it has one (<see cref="IErrorForm"/>).</summary>
internal static class ErrorForms
{
    /// <summary>The body of the error that the exchange ends in, with its fields set; null where the endpoint has no form for errors.</summary>
    public static RefusalContent? Of(HttpExchange exchange)
    {
        if (exchange.Route?.Endpoint is not IErrorForm form || exchange.Envelope is not { } request) return null;
        foreach (var field in form.ErrorFields(request)) exchange.Response.Headers.Append(field.Name, field.Value);
        return form.ErrorBody(request, exchange.Response.StatusCode, exchange.RequestId);
    }
}
