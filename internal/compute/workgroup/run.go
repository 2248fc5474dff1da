package workgroup

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/boathouse-data/boathouse/internal/lib/fault"
	"github.com/boathouse-data/boathouse/internal/store/meta"
)

// job is an execution that this process runs.
type job struct {
	cancel context.CancelCauseFunc
	done   chan struct{} // closed when its end is written down
}

// Run runs queries with Config.Workers workers and drops old history, until
// ctx is done. What is running then ends as FAILED with Lost.
func (s *Service) Run(ctx context.Context) error {
	var workers sync.WaitGroup
	for range s.cfg.Workers {
		workers.Go(func() { s.work(ctx) })
	}
	sweep := time.NewTicker(time.Hour)
	defer sweep.Stop()
	for {
		if err := s.Sweep(ctx); err != nil && ctx.Err() == nil {
			s.log.Error("history not swept", "error", err)
		}
		select {
		case <-sweep.C:
		case <-ctx.Done():
			workers.Wait()
			return nil
		}
	}
}

// work takes one execution after the other. Besides being woken it looks now
// and then, for what another process of the same metadata has queued.
func (s *Service) work(ctx context.Context) {
	const lookEvery = 2 * time.Second
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for ctx.Err() == nil {
		did, err := s.Step(ctx)
		if err != nil && ctx.Err() == nil {
			s.log.Error("query not run", "error", err)
		}
		if did {
			continue
		}
		select {
		case <-s.wake:
		case <-tick.C:
		case <-ctx.Done():
		}
	}
}

// Step runs the execution that has waited longest, to its end, and says
// whether there was one. The error is of writing its state down; that a query
// fails is no error here.
func (s *Service) Step(ctx context.Context) (bool, error) {
	run, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	j := &job{cancel: cancel, done: make(chan struct{})}
	e, found, err := s.claim(ctx, j)
	if err != nil || !found {
		return false, err
	}
	defer func() {
		s.mu.Lock()
		delete(s.mu.running, e.ID)
		s.mu.Unlock()
		close(j.done)
	}()
	err = s.perform(run, &e)
	if err != nil && run.Err() != nil {
		err = context.Cause(run) // why the engine was told to stop
		if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
			err = Lost.Wrap(err)
		}
	}
	s.conclude(&e, err)
	return true, s.finish(ctx, e)
}

// claim marks the oldest waiting execution as running and j as its job. A Stop
// that comes between sees it either waiting or with its job.
func (s *Service) claim(ctx context.Context, j *job) (e Execution, found bool, err error) {
	const oldest = "SELECT id FROM workgroup_execution WHERE state = ? ORDER BY submitted, id LIMIT 1"
	var id string
	if err := s.db.View(ctx, func(tx *meta.Tx) (err error) {
		found, err = tx.Get([]any{&id}, oldest, string(Queued))
		return err
	}); err != nil || !found {
		return e, false, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	err = s.db.Update(ctx, func(tx *meta.Tx) error {
		if found, err = tx.Get([]any{&id}, oldest, string(Queued)); err != nil || !found {
			return err
		}
		if e, err = getExecution(tx, id); err != nil {
			return err
		}
		e.State, e.Started = Running, s.now()
		e.Stats.Queue = e.Started.Sub(e.Submitted)
		_, err = tx.Exec("UPDATE workgroup_execution SET state = ?, outcome = ? WHERE id = ?", string(Running), encode(e.Outcome), id)
		return err
	})
	if err == nil && found {
		s.mu.running[e.ID] = j
	}
	return e, found && err == nil, err
}

// conclude writes the end of a run into e.
func (s *Service) conclude(e *Execution, err error) {
	e.Completed = s.now()
	e.Stats.Service = max(0, e.Completed.Sub(e.Started)-e.Stats.Execution)
	switch reason := fault.ReasonOf(err); {
	case err == nil:
		e.State = Succeeded
		return
	case reason == Stopped, reason == Cutoff:
		e.State, e.Reason = Cancelled, fault.Message(err)
	default:
		e.State, e.Reason, e.Failure = Failed, fault.Message(err), &Failure{Kind: fault.KindOf(err)}
		if reason != nil {
			e.Failure.Name = reason.Name
		}
		if e.Failure.Kind == fault.Internal {
			s.log.Error("query failed by accident", "execution", e.ID, "error", err)
		}
	}
	e.Columns, e.Updated, e.Manifest, e.ETag = nil, nil, "", ""
}

// finish writes the end down, also when ctx is over.
func (s *Service) finish(ctx context.Context, e Execution) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	return s.db.Update(ctx, func(tx *meta.Tx) error {
		_, err := tx.Exec("UPDATE workgroup_execution SET state = ?, completed = ?, outcome = ? WHERE id = ? AND state = ?",
			string(e.State), micros(e.Completed), encode(e.Outcome), e.ID, string(Running))
		return err
	})
}

// Stop cancels an execution that waits or runs, and returns when it is over or
// after a short while. Stopping what is over changes nothing. A query that is
// faster than its stop may still succeed.
func (s *Service) Stop(ctx context.Context, id string) error {
	const patience = 5 * time.Second
	s.mu.Lock()
	j := s.mu.running[id]
	s.mu.Unlock()
	if j == nil {
		err := s.db.Update(ctx, func(tx *meta.Tx) error {
			e, err := getExecution(tx, id)
			if err != nil || e.State != Queued {
				return err
			}
			e.State, e.Completed = Cancelled, s.now()
			e.Reason, e.Stats.Queue = fault.Message(Stopped.New()), e.Completed.Sub(e.Submitted)
			_, err = tx.Exec("UPDATE workgroup_execution SET state = ?, completed = ?, outcome = ? WHERE id = ?",
				string(e.State), micros(e.Completed), encode(e.Outcome), id)
			return err
		})
		if err != nil {
			return err
		}
		s.mu.Lock()
		j = s.mu.running[id] // a worker was between the two
		s.mu.Unlock()
		if j == nil {
			return nil
		}
	}
	j.cancel(Stopped.New())
	select {
	case <-j.done:
	case <-time.After(patience):
	case <-ctx.Done():
	}
	return nil
}

// endLost fails what the last process left running.
func (s *Service) endLost(ctx context.Context) error {
	return s.db.Update(ctx, func(tx *meta.Tx) error {
		var lost []Execution
		if err := tx.Query(func(scan func(...any) error) error {
			e, err := scanExecution(scan)
			lost = append(lost, e)
			return err
		}, "SELECT "+executionColumns+" FROM workgroup_execution WHERE state = ?", string(Running)); err != nil {
			return err
		}
		for _, e := range lost {
			s.conclude(&e, Lost.New())
			if _, err := tx.Exec("UPDATE workgroup_execution SET state = ?, completed = ?, outcome = ? WHERE id = ?",
				string(e.State), micros(e.Completed), encode(e.Outcome), e.ID); err != nil {
				return err
			}
		}
		return nil
	})
}

// Sweep drops executions that ended longer ago than Config.Retention. Their
// result files stay: they are the bucket owner's.
func (s *Service) Sweep(ctx context.Context) error {
	const atOnce = 1000
	for {
		var n int64
		err := s.db.Update(ctx, func(tx *meta.Tx) (err error) {
			n, err = tx.Exec(`DELETE FROM workgroup_execution WHERE id IN (SELECT id FROM workgroup_execution
				WHERE completed > 0 AND completed < ? LIMIT ?)`, micros(s.now().Add(-s.cfg.Retention)), atOnce)
			return err
		})
		if err != nil || n < atOnce {
			return err
		}
	}
}
