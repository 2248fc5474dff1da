package demo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/boathouse-data/boathouse/internal/app/demo/weather"
)

// Names in the lake. The source bucket and the database are the post's.
const (
	sourceBucket = "noaa-ghcn-pds"
	lakeBucket   = "boathouse-demo"
	database     = "awswrangler_test"
)

// uploadsMax bounds the years that are held in memory beside the one that is
// being made, and yearBytes is about the largest of them.
const (
	uploadsMax = 2
	yearBytes  = 16 << 20
)

const createSource = `CREATE EXTERNAL TABLE IF NOT EXISTS ` + database + `.noaa_csv (
  id string, dt string, element string, value int,
  m_flag string, q_flag string, s_flag string, obs_time string)
ROW FORMAT DELIMITED FIELDS TERMINATED BY ','
LOCATION 's3://` + sourceBucket + `/csv/'`

const createDataset = `CREATE TABLE ` + database + `.noaa
WITH (format = 'PARQUET', external_location = 's3://` + lakeBucket + `/noaa/', partitioned_by = ARRAY['year']) AS
SELECT id, date_parse(dt, '%Y%m%d') AS dt, element, value,
       nullif(m_flag, '') AS m_flag, nullif(q_flag, '') AS q_flag,
       nullif(s_flag, '') AS s_flag, nullif(obs_time, '') AS obs_time,
       CAST(substr(dt, 1, 4) AS integer) AS year
FROM ` + database + `.noaa_csv`

const question = `SELECT dt,
       (value / 10.0) AS temperature   -- tenths of degrees C to degrees C
FROM noaa
WHERE year BETWEEN 1887 AND 1889       -- only the last 3 years (partition filter)
  AND substr(id, 1, 2) = 'US'          -- only US stations
  AND element = 'TMAX'                 -- only the daily maximum
  AND q_flag IS NULL                   -- only values of good quality`

// frames is blueprint 19.
type frames struct {
	srv    *server
	screen *screen
	out    io.Writer
	lake   *lake
	facts  weather.Facts
	answer []weather.Day
}

func (f *frames) run(ctx context.Context) (err error) {
	if f.lake, err = newLake(f.srv); err != nil {
		return err
	}
	if err := f.check(ctx); err != nil {
		return err
	}
	for _, s := range []struct {
		what string
		do   func(context.Context, func(string)) (string, error)
	}{
		{"write and upload ten CSV files", f.upload},
		{"catalogue them, read in place", f.catalogue},
		{"convert to Parquet, by year", f.convert},
		{"ask through the Athena door", f.ask},
		{"ask through the PostgreSQL door", f.askAgain},
	} {
		if err := f.screen.step(s.what, func(progress func(string)) (string, error) { return s.do(ctx, progress) }); err != nil {
			return err
		}
	}
	f.screen.total()
	f.show()
	return nil
}

// upload makes the years one after the other and sends them side by side.
func (f *frames) upload(ctx context.Context, progress func(string)) (string, error) {
	for _, b := range []string{sourceBucket, lakeBucket} {
		if err := f.lake.bucket(ctx, b); err != nil {
			return "", err
		}
	}
	g := weather.New(weather.Default())
	sends, ctx := errgroup.WithContext(ctx)
	sends.SetLimit(uploadsMax)
	for ctx.Err() == nil {
		var file bytes.Buffer
		file.Grow(yearBytes)
		year, err := g.Next(&file)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return "", err
		}
		progress("csv/" + weather.Name(year))
		sends.Go(func() error {
			return f.lake.put(ctx, sourceBucket, "csv/"+weather.Name(year), file.Bytes())
		})
	}
	if err := sends.Wait(); err != nil {
		return "", err
	}
	f.facts = g.Facts()
	var size int64
	for _, y := range f.facts.Years {
		size += y.Bytes
	}
	return fmt.Sprintf("%s rows, %d MB in s3://%s/csv/", thousands(f.facts.Rows), size/1e6, sourceBucket), nil
}

func (f *frames) catalogue(ctx context.Context, _ func(string)) (string, error) {
	for _, sql := range []string{"CREATE DATABASE IF NOT EXISTS " + database, createSource} {
		if _, err := f.lake.query(ctx, sql); err != nil {
			return "", err
		}
	}
	return "table " + database + ".noaa_csv", nil
}

func (f *frames) convert(ctx context.Context, progress func(string)) (string, error) {
	if err := f.clear(ctx); err != nil {
		return "", err
	}
	if _, err := f.lake.query(ctx, createDataset); err != nil {
		return "", err
	}
	files, size, err := f.lake.size(ctx, lakeBucket, "noaa/")
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("table %s.noaa, %d files, %.1f MB", database, files, float64(size)/1e6), nil
}

// check refuses to begin where the table is somebody else's.
func (f *frames) check(ctx context.Context) error {
	location, err := f.lake.location(ctx, database, "noaa")
	if err != nil {
		return err
	}
	if location != "" && !strings.HasPrefix(location, "s3://"+lakeBucket+"/noaa") {
		return fmt.Errorf("the table %s.noaa is at %s and not the demo's: drop it, or run the demo on a fresh folder with --data", database, location)
	}
	return nil
}

// clear removes what an earlier demo made.
func (f *frames) clear(ctx context.Context) error {
	if _, err := f.lake.query(ctx, "DROP TABLE IF EXISTS "+database+".noaa"); err != nil {
		return err
	}
	return f.lake.empty(ctx, lakeBucket, "noaa/")
}

// ask runs the post's query and reads the result file, as awswrangler does.
func (f *frames) ask(ctx context.Context, _ func(string)) (string, error) {
	run, err := f.lake.query(ctx, question)
	if err != nil {
		return "", err
	}
	body, err := f.lake.open(ctx, run.output)
	if err != nil {
		return "", err
	}
	defer body.Close()
	if f.answer, err = group(body); err != nil {
		return "", fmt.Errorf("%s: %w", run.output, err)
	}
	if err := same(f.answer, f.facts.Daily); err != nil {
		return "", err
	}
	return fmt.Sprintf("%s rows, %.1f MB scanned", thousands(f.facts.Matching()), float64(run.scanned)/1e6), nil
}

// askAgain lets the server do the grouping, over another protocol.
func (f *frames) askAgain(ctx context.Context, _ func(string)) (string, error) {
	days, years, err := askPostgres(ctx, f.srv.DSN(f.srv.Credentials))
	if err != nil {
		return "", err
	}
	if err := same(days, f.facts.Daily); err != nil {
		return "", err
	}
	for _, y := range f.facts.Years {
		if years[y.Year] != y.Rows {
			return "", fmt.Errorf("%d has %d rows, the file had %d", y.Year, years[y.Year], y.Rows)
		}
	}
	return fmt.Sprintf("%s days, grouped by the server", thousands(int64(len(days)))), nil
}
