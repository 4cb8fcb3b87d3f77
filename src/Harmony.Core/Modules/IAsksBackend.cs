namespace Harmony.Core.Modules;

/// <summary>
/// A middleware that asks the backend of its pipeline something before the request itself goes there: it finds a
/// <see cref="Pipeline.BackendQuestions"/> as a feature of each request.
/// </summary>
public interface IAsksBackend : IRequestMiddleware;
